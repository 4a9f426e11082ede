/** Errors that must have been seen for a rate to be stated: within 30 % at 90 % confidence. */
const ERRORS_WANTED = 30;

/**
 * The lowest false-match rate that so many impostor comparisons are evidence for. Comparisons of the same palms depend on
 * each other, so this is the best case; intervals by palm say more.
 *
 * Doddington's rule of 30, in: Doddington, Przybocki, Martin, Reynolds, "The NIST speaker recognition evaluation", Speech
 * Communication 31, 2000; ISO/IEC 19795-1, annex B.
 */
export function supportedFmr(impostorComparisons: number): number {
  return Math.min(1, ERRORS_WANTED / impostorComparisons);
}
