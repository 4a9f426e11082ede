/** An oriented filter's shape, in pixels of the region. */
export interface GaborShape {
  /** Side of the square kernel, odd. */
  readonly size: number;
  /** Width of the Gaussian across the line. */
  readonly sigma: number;
  /** Length of the wave across the line. */
  readonly wavelength: number;
  /** Width across over length along the line: below 1 the filter is longer than wide and follows a line. */
  readonly aspect: number;
}

/**
 * Even Gabor filters at `orientations` equal steps of half a turn, shaped [orientations, 1, size, size]: negative, so that
 * a dark line gives a high response; without a mean, so that brightness does not matter; of unit energy.
 *
 * Daugman, "Uncertainty relation for resolution in space, spatial frequency, and orientation optimized by two-dimensional
 * visual cortical filters", JOSA A 2(7), 1985; without the mean as in Kong and Zhang, ICPR 2004.
 */
export function gaborBank(orientations: number, shape: GaborShape): Float32Array {
  const area = shape.size * shape.size;
  const bank = new Float32Array(orientations * area);
  for (let k = 0; k < orientations; k++) bank.set(gabor((Math.PI * k) / orientations, shape), k * area);
  return bank;
}

function gabor(angle: number, { size, sigma, wavelength, aspect }: GaborShape): Float64Array {
  const envelope = new Float64Array(size * size);
  const filter = new Float64Array(size * size);
  const centre = (size - 1) / 2;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const across = (x - centre) * Math.cos(angle) + (y - centre) * Math.sin(angle);
      const along = (y - centre) * Math.cos(angle) - (x - centre) * Math.sin(angle);
      const at = y * size + x;
      envelope[at] = Math.exp(-(across ** 2 + (aspect * along) ** 2) / (2 * sigma ** 2));
      filter[at] = -envelope[at] * Math.cos((2 * Math.PI * across) / wavelength);
    }
  }
  const mean = sum(filter) / sum(envelope);
  const centred = filter.map((value, i) => value - mean * envelope[i]!);
  const energy = Math.sqrt(sum(centred.map((value) => value ** 2)));
  return centred.map((value) => value / energy);
}

/** `channels` copies of a Gaussian of sum one, shaped [channels, 1, size, size], for pooling each channel by itself. */
export function gaussianBank(channels: number, size: number, sigma: number): Float32Array {
  const centre = (size - 1) / 2;
  const one = Float64Array.from({ length: size * size }, (_, i) => {
    const x = (i % size) - centre;
    const y = Math.floor(i / size) - centre;
    return Math.exp(-(x * x + y * y) / (2 * sigma * sigma));
  });
  const total = sum(one);
  const bank = new Float32Array(channels * one.length);
  for (let k = 0; k < channels; k++)
    bank.set(
      one.map((value) => value / total),
      k * one.length,
    );
  return bank;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
