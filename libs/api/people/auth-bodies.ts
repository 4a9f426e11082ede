import { IsString, Length, Matches } from 'class-validator';

export class PrincipalTokenBody {
  @IsString()
  @Length(1, 64)
  principal!: string;

  /** The credential, as it was shown once. */
  @IsString()
  @Length(1, 200)
  secret!: string;
}

export class SignInCodeBody {
  /** With its country code. */
  @IsString()
  @Length(6, 32)
  phone!: string;
}

export class MemberTokenBody extends SignInCodeBody {
  /** Of the message. */
  @Matches(/^\d{6}$/)
  code!: string;
}

export class LinkProofBody {
  /** The third party's own name of the account that its member has signed in to. */
  @IsString()
  @Length(1, 200)
  account!: string;
}
