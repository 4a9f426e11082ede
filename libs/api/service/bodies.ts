import { IsOptional, IsString, Length } from 'class-validator';

export class FollowQuery {
  /** `id` of the last event that was taken, where no `Last-Event-ID` is sent. */
  @IsOptional()
  @IsString()
  @Length(1, 8_192)
  after?: string;
}
