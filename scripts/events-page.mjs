import { eventTypes } from './event-types.mjs';

const STREAMS = {
  oneId: 'One member: palms, cards, phones, transactions, and in the end the erasure of it all.',
  payment: 'One payment, from its request to its last refund or charge-back.',
  visit: 'One visit to a shop without checkout.',
  check: 'One credential in use.',
  device: 'One device.',
  merchant: 'One merchant or other third party, its sites and contracts.',
  principal: 'Somebody who works with the system.',
  subscriber: 'An internal service that follows topics.',
  erasure: 'One erasure, step by step, to its certificate.',
  look: "Somebody's look at a One ID.",
  claim: 'One idempotency key: what it was asked, and what it will use. Outside the evidence, kept 72 hours.',
  head: 'One signed head of the evidence.',
};

export function eventsPage() {
  return `# Events

Everything that ever happened, by the kind of its stream. A field is either **clear** or **sealed** under the key named; deciders fold clear fields alone, so a stream reads the same after its keys are gone. This page is made from the types and the field tables by \`npm run docs\`.

Every event also has, in the clear: stream, revision, position, id (random), type, version, time of recording, kind of actor, leaf hash; and sealed, under the key of the last column: who exactly, from which device, correlation, causation. Where that column says *nobody*, it is a step of the system's own, written when the key that would seal it may be gone. No key's name stands in a record.

${eventTypes().map(section).join('\n\n')}
`;
}

function section({ stream, types }) {
  const said = STREAMS[stream];
  if (said === undefined) throw new Error(`${stream}: say in scripts/events-page.mjs what it is`);
  const example = stream === 'head' ? 'head-<n>' : stream === 'claim' ? 'claim-<hmac>' : `${stream}-<random>`;
  return `## \`${example}\`

${said}

| event | clear | sealed | key | who is sealed by |
| --- | --- | --- | --- | --- |
${types.map(row).join('\n')}`;
}

function row({ type, version, said, clear, sealed, key, about, older }) {
  const versions = older.map(
    (one) => `version ${one.version} lacks ${one.lacks.map((name) => `\`${name}\``).join(', ')}`,
  );
  const notes = [said, version > 1 ? `Now version ${version}: ${versions.join('; ')}.` : ''].filter(Boolean).join(' ');
  const name = `\`${type}\`${notes === '' ? '' : `<br>${cell(notes)}`}`;
  return `| ${name} | ${fields(clear)} | ${fields(sealed)} | ${key} | ${about} |`;
}

function fields(list) {
  return list.map(({ name, type }) => `\`${name}\`${type === '' ? '' : `: ${cell(type)}`}`).join('<br>');
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll(/<(?!br>)/g, '&lt;');
}
