import { Controller, Get, Header, Inject, Query, StreamableFile, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { Refused } from '#libs/domain/refused.ts';
import type { BundleOf } from '#libs/evidence/bundle-fields.ts';
import type { PrincipalCaller } from '#libs/use-cases/callers.ts';
import type { Deps } from '#libs/use-cases/deps.ts';
import { exportBundle } from '#libs/use-cases/evidence/export-bundle.ts';
import { DEPS } from '../http/messages.ts';
import { From } from '../http/write.ts';
import { BearerGuard, Needs } from '../people/bearer-guard.ts';
import { BundleQuery } from './bodies.ts';
import { EVIDENCE_EDGE, type EvidenceEdge } from './edge.ts';

/** Evidence to take away, and to verify where there is nothing else. */
@ApiTags('auditor')
@ApiBearerAuth()
@Controller('auditor/v1/evidence')
@UseGuards(BearerGuard)
export class BundleController {
  private readonly deps: Deps & { readonly evidence: EvidenceEdge };

  constructor(@Inject(DEPS) deps: Deps, @Inject(EVIDENCE_EDGE) evidence: EvidenceEdge) {
    this.deps = { ...deps, evidence };
  }

  /** JSON lines: events as stored, each with its proof, signed heads with the proofs between them, the key; all of it signed. */
  @Get('bundle')
  @Header('cache-control', 'no-store')
  @Needs('evidence.export')
  async bundle(@From() caller: PrincipalCaller, @Query() query: BundleQuery): Promise<StreamableFile> {
    const lines = await exportBundle(this.deps, { caller, of: askedFor(query), reason: query.reason });
    return new StreamableFile(Readable.from(lines, { objectMode: false }), {
      type: 'application/x-ndjson',
      disposition: 'attachment; filename="evidence.jsonl"',
    });
  }
}

function askedFor({ stream, from, to }: BundleQuery): BundleOf {
  if (stream !== undefined && from === undefined && to === undefined) return { stream };
  if (stream === undefined && from !== undefined && to !== undefined)
    return { from: BigInt(from).toString(), to: BigInt(to).toString() };
  throw new Refused('bundle-unclear', 'A bundle is of a stream, or from one position to another.', 'invalid');
}
