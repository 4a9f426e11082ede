import { timestampFromDate, type Timestamp } from '@bufbuild/protobuf/wkt';

/** An ISO 8601 moment; one that is none makes the event unreadable rather than the message wrong. */
export function timestamp(iso: string): Timestamp {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) throw new RangeError('not a moment');
  return timestampFromDate(date);
}
