import { de } from './texts/de.ts';
import { en } from './texts/en.ts';
import type { Language, NoticeTemplate, TemplateValues } from './templates.ts';
import type { Texts } from './wording.ts';

const TEXTS: Readonly<Record<Language, Texts>> = { en, de };

/** A message in plain words. */
export function renderNotice<T extends NoticeTemplate>(
  template: T,
  language: Language,
  values: TemplateValues[T],
): { readonly subject: string; readonly text: string } {
  const [subject, text] = TEXTS[language][template](values);
  return { subject, text };
}

export function isTemplate(name: string): name is NoticeTemplate {
  return Object.hasOwn(en, name);
}

/** The nearest language that there are texts in; English where there is none. */
export function languageOf(wanted: string): Language {
  return wanted.toLowerCase().split('-')[0] === 'de' ? 'de' : 'en';
}
