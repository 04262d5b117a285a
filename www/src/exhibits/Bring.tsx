/** What a file is, what was read of it, and what is done with it. */
import '../styles/bring.css';
import { useComputed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useCallback, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { backToMnist, bringFiles, close, takePicture, understand, use } from '../bring/actions';
import { type Item, item, lacking, ownImages } from '../bring/state';
import { boxOf, digitOf, greysOf, inkOf } from '../drawing/picture';
import { count } from '../plots/measured';
import { paintInk } from '../plots/weightMap';
import { describe } from './parts/describe';
import { openDrawing } from './parts/drawingOpen';
import { ink } from './parts/ink';
import { Pixels } from './parts/Pixels';

type Of<K extends Item['kind']> = Extract<Item, { kind: K }>;

const ACCEPT = '.safetensors,.npz,.gz,.json,image/png,image/jpeg,image/webp,image/gif,*';

/** A button that opens the browser's own choice of files. */
function Choose({ label, main }: { label: string; main: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        class={`button ${main ? 'main' : ''}`}
        onClick={() => input.current?.click()}
      >
        {label}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={ACCEPT}
        aria-label="Files to bring in"
        data-testid="bring-input"
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          // The same file can be chosen again.
          event.currentTarget.value = '';
          void bringFiles(files);
        }}
      />
    </>
  );
}

function Foot({
  act,
  then,
  children,
}: {
  act?: string;
  /** What else happens once it is used. */
  then?: () => void;
  children?: ComponentChildren;
}) {
  return (
    <div class="buttons">
      {act && (
        <button
          type="button"
          class="button main"
          data-testid="bring-use"
          onClick={() => {
            use();
            then?.();
          }}
        >
          {act}
        </button>
      )}
      <Choose label={act ? 'Choose others' : 'Choose files'} main={!act} />
      {children}
      <button type="button" class="button" onClick={close}>
        Close
      </button>
    </div>
  );
}

function Tick({
  label,
  about,
  checked,
  onChange,
}: {
  label: string;
  about: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    <label class="bring-tick" title={about}>
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>
        {label}
        <span class="small muted">{about}</span>
      </span>
    </label>
  );
}

/** “784-300-100-10, 3 weights and 3 biases, 31 % zeros.” */
function readWords({ hidden, weights, biases, zeros, parameters }: Of<'network'>['file']): string {
  const sizes = [784, ...hidden, 10].join('-');
  const percent = Math.round((100 * zeros) / parameters);
  const had = biases === 1 ? '1 bias' : `${biases} biases`;
  return `${sizes}, ${weights.length} weights and ${had}, ${percent} % zeros.`;
}

function NetworkItem({ found }: { found: Of<'network'> }) {
  const { file, name, zerosPruned, normalised } = found;
  const waits = useComputed(() => lacking.value?.kind === 'network').value;
  return (
    <>
      <h3>{name}</h3>
      <p data-testid="bring-read">{readWords(file)}</p>
      <ul class="small muted">
        <li>
          In this order: {file.weights.map((weight) => weight.replaceAll('`', '')).join(', ')}.
        </li>
        {file.transposed && <li>The weights lay inputs × outputs, as Keras has them.</li>}
        {file.biases < file.weights.length && <li>Missing biases are zeros.</li>}
        {file.masks && <li>The file’s masks prune what they prune.</li>}
        {file.aside.length > 0 && <li>Left aside: {file.aside.join(', ')}.</li>}
        <li>
          Digest <code>{file.digest}</code>
        </li>
      </ul>
      {waits && (
        <p class="note">
          The link waits for another network, digest <code>{lacking.value?.digest}</code>.
        </p>
      )}
      {file.zeros > 0 && (
        <Tick
          label="Treat zeros as pruned"
          about="They stay zero when it is trained on, and count as sparse."
          checked={zerosPruned}
          onChange={(checked) => void understand(checked, normalised)}
        />
      )}
      <Tick
        label="It was trained on normalised images"
        about="Mean 0.1307 and deviation 0.3081, as in PyTorch’s examples; its first layer then does the same to the images here, which run from 0 to 1."
        checked={normalised}
        onChange={(checked) => void understand(zerosPruned, checked)}
      />
      <Foot act="Open this network" />
    </>
  );
}

function ImagesItem({ found }: { found: Of<'images'> }) {
  const { files, names } = found;
  const [train, test] = [files.trainLabels.length, files.testLabels.length];
  return (
    <>
      <h3>{names.join(', ')}</h3>
      <p data-testid="bring-read">
        {count(train)} images to train on, {count(test)} to test on.
      </p>
      {files.split && (
        <p class="small muted">
          There was one set alone: every sixth image of it is for testing, the others for training.
        </p>
      )}
      <p class="small muted">
        They stand in the place of MNIST; the lab begins anew with them. Links to what you do then
        say that these files are needed.
      </p>
      <Foot act="Use these images" />
    </>
  );
}

/** Greys as they are, on a canvas of their own size. */
function Grey({
  values,
  width,
  height,
  label,
}: {
  values: Float32Array;
  width: number;
  height: number;
  label: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = ink.value;
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const pixels = new ImageData(width, height);
    paintInk(values, 1, colours.digits, new Uint32Array(pixels.data.buffer));
    context.putImageData(pixels, 0, 0);
  }, [values, width, height, colours]);
  return <canvas ref={canvas} width={width} height={height} role="img" aria-label={label} />;
}

function Original({ found }: { found: Of<'picture'> }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { bytes, width, height } = found;
  useLayoutEffect(() => {
    canvas.current?.getContext('2d')?.putImageData(new ImageData(bytes, width, height), 0, 0);
  }, [bytes, width, height]);
  return <canvas ref={canvas} width={width} height={height} role="img" aria-label="Your picture" />;
}

function PictureItem({ found }: { found: Of<'picture'> }) {
  const { bytes, width, height, invert, whole, name } = found;
  const greys = useMemo(() => greysOf(bytes, width, height), [bytes, width, height]);
  const steps = useMemo(() => {
    const shown = inkOf(greys, { invert, whole });
    const box = whole ? { left: 0, top: 0, width, height } : boxOf(shown);
    const cut = new Float32Array(box.width * box.height);
    for (let y = 0; y < box.height; y += 1) {
      const from = (box.top + y) * width + box.left;
      cut.set(shown.values.subarray(from, from + box.width), y * box.width);
    }
    return { box, cut, digit: digitOf(greys, { invert, whole }) };
  }, [greys, invert, whole, width, height]);
  const colours = ink.value;
  const paint = useCallback(
    (out: Uint32Array) => paintInk(steps.digit, 255, colours.digits, out),
    [steps, colours],
  );
  const empty = !steps.digit.some((value) => value > 0);
  return (
    <>
      <h3>{name}</h3>
      <ol class="bring-steps">
        <li>
          <span class="frame">
            <Original found={found} />
          </span>
          <span class="small muted">as it is</span>
        </li>
        <li>
          <span class="frame">
            <Grey
              values={steps.cut}
              width={steps.box.width}
              height={steps.box.height}
              label="Its ink"
            />
          </span>
          <span class="small muted">{whole ? 'its ink' : 'its ink, cropped'}</span>
        </li>
        <li>
          <span class="frame">
            <Pixels paint={paint} label="What the network gets, 28 × 28 pixels" />
          </span>
          <span class="small muted">what the network gets</span>
        </li>
      </ol>
      {empty && <p class="note">Nothing is left of it: try the other choices.</p>}
      <Tick
        label="Dark ink on light paper"
        about="Turned over, as MNIST’s ink is light."
        checked={invert}
        onChange={(checked) => takePicture({ invert: checked })}
      />
      <Tick
        label="Keep the whole picture"
        about="Otherwise it is cropped to its ink, fitted to 20 × 20 pixels and centred by its mass, as MNIST was."
        checked={whole}
        onChange={(checked) => takePicture({ whole: checked })}
      />
      {/* Where it is read and attacked comes into view. */}
      <Foot then={openDrawing} {...(empty ? {} : { act: 'Use this picture' })} />
    </>
  );
}

function RecipeItem({ found }: { found: Of<'recipe'> }) {
  return (
    <>
      <h3>{found.name}</h3>
      <ol data-testid="bring-read">
        {describe(found.recipe).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ol>
      <Foot act="Open this recipe" />
    </>
  );
}

function Nothing() {
  const own = ownImages.value;
  return (
    <>
      <p>Choose files, or drop or paste them anywhere on the page:</p>
      <ul>
        <li>
          <b>A network</b>: weights from .safetensors or .npz, of fully connected layers with ReLU
          between them, 784 inputs, 10 outputs, one to four hidden layers.
        </li>
        <li>
          <b>Your own images</b>: IDX files as MNIST’s, images and labels together, gzipped or not;
          28 × 28 pixels, labels 0 to 9, at most 70,000 a set.
        </li>
        <li>
          <b>A picture of a digit</b>: PNG, JPEG, WebP or GIF. It is then attacked as a drawing is.
        </li>
        <li>
          <b>A recipe</b>: JSON.
        </li>
      </ul>
      <p class="muted">Files stay in this browser: nothing is uploaded.</p>
      <Foot>
        {own && (
          <button
            type="button"
            class="button"
            onClick={() => {
              backToMnist();
              close();
            }}
          >
            Back to MNIST
          </button>
        )}
      </Foot>
    </>
  );
}

export function Bring() {
  const found = item.value;
  if (!found) return <Nothing />;
  switch (found.kind) {
    case 'reading':
      return (
        <>
          <p role="status">Reading {found.name}.</p>
          <Foot />
        </>
      );
    case 'problem':
      return (
        <>
          <p role="alert" class="bring-problem" data-testid="bring-problem">
            {found.sentence}
          </p>
          <Foot />
        </>
      );
    case 'network':
      return <NetworkItem found={found} />;
    case 'images':
      return <ImagesItem found={found} />;
    case 'picture':
      return <PictureItem found={found} />;
    case 'recipe':
      return <RecipeItem found={found} />;
  }
}
