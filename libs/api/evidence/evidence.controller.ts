import { Controller, Get, HttpException, Inject, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Refused } from '#libs/domain/refused.ts';
import { readWhole } from '#libs/ledger/read-whole.ts';
import type { Deps } from '#libs/use-cases/deps.ts';
import { DEPS } from '../http/messages.ts';
import { BearerGuard, Needs } from '../people/bearer-guard.ts';
import { ConsistencyQuery, ProofQuery } from './bodies.ts';
import { EVIDENCE_EDGE, type EvidenceEdge } from './edge.ts';

/** What anybody may check: who signs, what the log was last, and that it only ever grew. */
@ApiTags('evidence')
@Controller('evidence/v1')
export class EvidenceController {
  private readonly deps: Deps;
  private readonly evidence: EvidenceEdge;

  constructor(@Inject(DEPS) deps: Deps, @Inject(EVIDENCE_EDGE) evidence: EvidenceEdge) {
    this.deps = deps;
    this.evidence = evidence;
  }

  /** The public key that heads and certificates verify with: raw Ed25519 in base64url, and the same as PEM. */
  @Get('key')
  key() {
    const { publicKey } = this.deps.keys.evidence;
    const { x } = publicKey.export({ format: 'jwk' });
    return { algorithm: 'Ed25519', publicKey: x, pem: publicKey.export({ format: 'pem', type: 'spki' }).toString() };
  }

  /** The last signed head, as the text that was signed. */
  @Get('head')
  async head() {
    const head = await this.evidence.latest();
    if (head === undefined) throw new HttpException({ code: 'no-head', message: 'No head is signed yet.' }, 404);
    return { head };
  }

  /** RFC 9162 consistency between two sizes that heads have reached; base64url. */
  @Get('consistency')
  async consistency(@Query() { first, second }: ConsistencyQuery) {
    try {
      return { first, second, proof: await this.evidence.consistency(BigInt(first), BigInt(second)) };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new Refused('size-unknown', 'No head has reached that size.', 'invalid');
    }
  }

  /** For auditors: that an event is in the log of a signed head, with what its leaf is made of. */
  @Get('proof')
  @ApiBearerAuth()
  @UseGuards(BearerGuard)
  @Needs('evidence.read')
  async proof(@Query() { stream, id }: ProofQuery) {
    for await (const record of readWhole(this.deps.ledger, stream))
      if (record.id === id) return this.evidence.anchor(record);
    throw new Refused('event-unknown', 'There is no such event.', 'missing');
  }
}
