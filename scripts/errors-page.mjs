import { problemTypes } from './problem-types.mjs';

/** What whoever gets it does about it, where the status alone does not say it. */
const DO = {
  'act-for-wanted': 'Name one of `choices` in `palmledger-act-for`.',
  'change-needed': 'Confirm with the palm at a device, or let the 72 hours pass.',
  'claim-gone': 'Nothing: the person is gone, and with them what the key stood for.',
  'code-wrong': 'Ask the person again; after some tries the code is void.',
  'consent-outdated': 'Show the text in force and ask again.',
  'device-not-trusted': '`reason` says why; docs/devices.md what to do about each.',
  'device-suspected': 'Two devices use one key. An admin looks into it and gives a new activation code.',
  'four-eyes': 'Another admin decides.',
  'idempotency-key-missing': 'Send an `Idempotency-Key`.',
  'idempotency-key-reused': 'A new intent needs a new key; a repeat the same bytes.',
  'internal-error': 'A fault of ours: tell the operator the time; nothing was believed that is not stored.',
  invalid: '`errors` names each field and its rule.',
  'more-wanted': 'Ask for what `wanted` names (last four digits, other hand) and identify again.',
  'no-head': 'Wait: a head is signed within seconds of the first record.',
  nobody: 'Offer to enrol. It is an answer, not a doubt.',
  'not-now': 'Ask again after `retryAfter` seconds, a write with the same key. It is never a no, and never a yes.',
  'palm-known': 'Go on with a code to that phone.',
  'palm-needed': 'Hold the palm over a device.',
  'palm-not-searched': 'Ask again in a moment.',
  'palm-refused': '`reasons` says what the person can do better; take a new picture.',
  'ticket-bound-elsewhere': 'Identify for this very amount, purpose and request.',
  'ticket-expired': 'Identify again.',
  'ticket-used': 'A ticket opens one thing. Repeat under the same key to get that answer again.',
  'too-busy': 'Repeat with the same key.',
  unauthenticated: 'Sign in again; `reason` says what is wrong with the token.',
};
const BY_STATUS = {
  400: 'Mend the request.',
  401: 'Sign in.',
  403: 'Somebody else may, or under other circumstances: read the detail.',
  404: 'Check the id. What belongs to somebody else looks the same.',
  405: 'Use the method that /openapi.json names.',
  406: 'Accept `application/json`.',
  408: 'Send the request faster.',
  409: 'Read the present state and decide anew; repeating as it is does not help.',
  410: 'Begin anew.',
  411: 'Send a `Content-Length`.',
  413: 'Send less.',
  415: 'Send `application/json`.',
  422: 'Mend the request.',
  429: 'Wait `retryAfter` seconds.',
  500: 'Tell the operator.',
  503: 'Ask again.',
};

export function errorsPage() {
  const { types, unknown } = problemTypes();
  if (unknown.length > 0) throw new Error(`codes that the compiler does not know:\n${unknown.join('\n')}`);
  const gone = Object.keys(DO).filter((code) => !types.some((type) => type.code === code));
  if (gone.length > 0) throw new Error(`no longer answered with: ${gone.join(', ')}`);
  return `# Problem types

Every error is problem details (RFC 9457, \`application/problem+json\`): \`type\`, \`title\`, \`status\`, often \`detail\` and more. \`type\` is \`urn:palmledger:problem:\` and a code below; it is stable, the detail's wording is not. Nothing personal stands in a problem. A refusal that changed nothing is decided afresh when the same request comes again; 503 carries \`retry-after\`, and is neither yes nor no.

This page is made from the code by \`npm run docs\`. An ellipsis stands for what is filled in.

| code | status | meaning | what to do |
| --- | --- | --- | --- |
${types.map(row).join('\n')}
`;
}

function row({ code, statuses, details }) {
  const todo = DO[code] ?? BY_STATUS[statuses[0]] ?? '';
  const meaning = details.length === 0 ? `${code.replaceAll('-', ' ')}.` : details.map(sentence).join(' ');
  return `| \`${code}\` | ${statuses.join(', ')} | ${cell(meaning)} | ${cell(todo)} |`;
}

function sentence(text) {
  const said = text[0].toUpperCase() + text.slice(1);
  return /[.…]$/.test(said) ? said : `${said}.`;
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
