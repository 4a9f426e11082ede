import { IsISO8601, IsOptional, IsString, Length, Matches } from 'class-validator';
import { REASON } from '../admin/bodies.ts';
import { DaysQuery, ID, PageQuery, SpanQuery } from '../http/paging.ts';

export class ReplayQuery extends PageQuery {
  /** A moment; the answer names the position that it stands for. */
  @IsOptional()
  @IsISO8601({ strict: true })
  at?: string;

  /** A position of the ledger, decimal, instead of a moment. */
  @IsOptional()
  @Matches(/^\d{1,18}$/)
  position?: string;

  /** Needed for the first page; each replay is one look. */
  @IsOptional()
  @Matches(REASON)
  reason?: string;
}

export class ExportQuery {
  /** For a sealed export. */
  @IsOptional()
  @Matches(REASON)
  reason?: string;

  /** An admin's approval: then what the keys open is in it. Good once. */
  @IsOptional()
  @IsString()
  @Length(1, 4_000)
  approval?: string;
}

export class ExportRequestBody {
  @Matches(ID)
  oneId!: string;

  @Matches(REASON)
  reason!: string;
}

export class LooksQuery extends PageQuery {
  /** One principal's alone. */
  @IsOptional()
  @Matches(ID)
  principal?: string;
}

export class PurchasesQuery extends SpanQuery {
  @IsOptional()
  @Matches(ID)
  merchant?: string;
}

export class PurchaseTotalsQuery extends DaysQuery {
  @IsOptional()
  @Matches(ID)
  merchant?: string;
}
