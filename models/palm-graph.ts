import { gaborBank, gaussianBank } from './filters.ts';
import type { GaborShape } from './filters.ts';
import { graph } from './onnx-graph.ts';
import type { Graph } from './onnx-graph.ts';

/** Side of the region of interest that goes in, pixels. */
const REGION = 128;

const VECTOR = {
  orientations: 8,
  /** Pixels of the region for one response. */
  stride: 2,
  cells: 8,
  /** The blur over a cell, in cells. */
  blur: 0.6,
  filter: { size: 25, sigma: 3.2, wavelength: 9, aspect: 0.4 } satisfies GaborShape,
} as const;

const CODE = {
  orientations: 6,
  cells: 32,
  filter: { size: 41, sigma: 4.5, wavelength: 15, aspect: 0.25 } satisfies GaborShape,
} as const;

/**
 * The palm model: designed from the literature, nothing in it is learnt from anybody's palm.
 *
 * In: `region`, f32 [1, 1, 128, 128], grey 0 (black) to 1. Brightness and contrast need no normalising: the filters have no
 * mean, and only which orientation wins is kept.
 * Out: `vector`, f32 [1, 512], of length one; `winners`, u8 [1, 32, 32], the orientation 0 to 5 that wins in each cell.
 */
export function palmModel(version: string): Uint8Array {
  const g = graph();
  vectorBranch(g);
  codeBranch(g);
  const length = VECTOR.orientations * VECTOR.cells ** 2;
  return g.encode(
    version,
    [{ name: 'region', type: 'float', dims: [1, 1, REGION, REGION] }],
    [
      { name: 'vector', type: 'float', dims: [1, length] },
      { name: 'winners', type: 'uint8', dims: [1, CODE.cells, CODE.cells] },
    ],
    { version },
  );
}

/** The share of each orientation among the winners of each cell, as a square root (Hellinger), less that of no preference. */
function vectorBranch(g: Graph): void {
  const { orientations, stride, cells, blur, filter } = VECTOR;
  const pad = (filter.size - 1) / 2;
  g.constant('vectorFilters', [orientations, 1, filter.size, filter.size], gaborBank(orientations, filter));
  g.node('Conv', ['region', 'vectorFilters'], 'vectorResponse', {
    kernel_shape: [filter.size, filter.size],
    strides: [stride, stride],
    pads: [pad, pad, pad, pad],
  });
  g.node('ArgMax', ['vectorResponse'], 'vectorWinner', { axis: 1, keepdims: 0 });
  g.integers('orientations', [orientations]);
  g.constant('offOn', [2], Float32Array.of(0, 1));
  g.node('OneHot', ['vectorWinner', 'orientations', 'offOn'], 'vectorWon', { axis: 1 });
  pool(g, REGION / stride / cells, blur);
  g.node('Sqrt', ['share'], 'root');
  g.constant('noPreference', [], Float32Array.of(Math.sqrt(1 / orientations)));
  g.node('Sub', ['root', 'noPreference'], 'preference');
  g.integers('flat', [1, -1]);
  g.node('Reshape', ['preference', 'flat'], 'long');
  g.node('LpNormalization', ['long'], 'vector', { axis: 1, p: 2 });
}

function pool(g: Graph, cell: number, blur: number): void {
  const sigma = cell * blur;
  const size = 2 * Math.ceil(3 * sigma) + (cell % 2);
  const pad = (size - cell) / 2;
  const channels = VECTOR.orientations;
  g.constant('blur', [channels, 1, size, size], gaussianBank(channels, size, sigma));
  g.node('Conv', ['vectorWon', 'blur'], 'share', {
    kernel_shape: [size, size],
    strides: [cell, cell],
    pads: [pad, pad, pad, pad],
    group: channels,
  });
}

/** Kong and Zhang's competitive code (ICPR 2004), one winner in each of 32 x 32 cells. */
function codeBranch(g: Graph): void {
  const { orientations, cells, filter } = CODE;
  const stride = REGION / cells;
  // One pixel less than the filter's half, each way: the cells' middles then lie evenly about the region's.
  const pad = (filter.size - stride + 1) / 2;
  g.constant('codeFilters', [orientations, 1, filter.size, filter.size], gaborBank(orientations, filter));
  g.node('Conv', ['region', 'codeFilters'], 'codeResponse', {
    kernel_shape: [filter.size, filter.size],
    strides: [stride, stride],
    pads: [pad, pad, pad, pad],
  });
  g.node('ArgMax', ['codeResponse'], 'codeWinner', { axis: 1, keepdims: 0 });
  g.node('Cast', ['codeWinner'], 'winners', { to: 2 });
}
