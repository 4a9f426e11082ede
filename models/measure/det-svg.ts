import type { DetPoint } from './rates.ts';

const LEFT = 70;
const RIGHT = 90;
const TOP = 40;
const SIZE = 420;
/** Both axes: decades of error rate. */
const LOWEST = -5;

/** The trade of false matches for false non-matches, both axes by logarithm, as an SVG picture. */
export function detSvg(curve: readonly DetPoint[], title: string, evidence: number): string {
  const points = curve
    .filter(({ fmr, fnmr }) => fmr > 0 && fnmr > 0 && fmr < 1)
    .map(({ fmr, fnmr }) => [x(fmr), y(fnmr)]);
  const thinned = points.filter(([px, py], i) => i === 0 || px !== points[i - 1]![0] || py !== points[i - 1]![1]);
  const path = thinned.map(([px, py], i) => `${i === 0 ? 'M' : 'L'}${px} ${py}`).join('');
  const limit =
    evidence < 1 ? `<rect x="${LEFT}" y="${TOP}" width="${x(evidence) - LEFT}" height="${SIZE}" fill="#eee"/>` : '';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LEFT + SIZE + RIGHT} ${TOP + SIZE + 60}" font-family="sans-serif" font-size="12">`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    `<text x="${LEFT}" y="24" font-size="13">${escaped(title)}</text>`,
    limit,
    ...grid(),
    `<path d="M${x(10 ** LOWEST)} ${y(10 ** LOWEST)}L${x(1)} ${y(1)}" stroke="#999" stroke-dasharray="4 4" fill="none"/>`,
    `<path d="${path}" stroke="#0b5394" stroke-width="2" fill="none"/>`,
    `<text x="${LEFT + SIZE / 2}" y="${TOP + SIZE + 45}" text-anchor="middle">false-match rate (grey: too few comparisons to be evidence)</text>`,
    `<text transform="translate(18 ${TOP + SIZE / 2}) rotate(-90)" text-anchor="middle">false non-match rate</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function grid(): string[] {
  return Array.from({ length: 1 - LOWEST }, (_, i) => {
    const rate = 10 ** (LOWEST + i);
    const label = rate >= 0.001 ? `${+(rate * 100).toPrecision(1)} %` : `1e${LOWEST + i}`;
    return (
      `<path d="M${x(rate)} ${TOP}V${TOP + SIZE}M${LEFT} ${y(rate)}H${LEFT + SIZE}" stroke="#ddd" fill="none"/>` +
      `<text x="${x(rate)}" y="${TOP + SIZE + 18}" text-anchor="middle">${label}</text>` +
      `<text x="${LEFT - 8}" y="${y(rate) + 4}" text-anchor="end">${label}</text>`
    );
  });
}

function x(rate: number): number {
  return LEFT + along(rate);
}

function y(rate: number): number {
  return TOP + SIZE - along(rate);
}

function along(rate: number): number {
  return +(SIZE * (1 - Math.max(LOWEST, Math.log10(rate)) / LOWEST)).toFixed(1);
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
