import type { Language, NoticeTemplate, TemplateValues } from './templates.ts';

/** Subject and text of each message in one language. */
export type Texts = {
  readonly [T in NoticeTemplate]: (values: TemplateValues[T]) => readonly [subject: string, text: string];
};

/** Minor units in the reader's way of writing: the currency knows how many of them make a whole. */
export function money(language: Language, amount: number, currency: string): string {
  const format = new Intl.NumberFormat(language, { style: 'currency', currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** A moment of UTC, said to be so: where its reader is, nobody here knows. */
export function moment(language: Language, iso: string): string {
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return `${format.format(new Date(iso))} (UTC)`;
}
