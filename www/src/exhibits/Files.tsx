/** What can be taken away: the network, the experiment, every plot and table. */
import { useComputed, useSignal } from '@preact/signals';
import { nameOf } from '../engine/files';
import type { NetworkFormat } from '../engine/types';
import {
  experimentText,
  takeExperiment,
  takeNetwork,
  takeRecipe,
  takeTables,
} from '../filesActions';
import { css } from '../plots/colour';
import { csv } from '../plots/curve';
import { painting, save } from '../plots/download';
import { outcomeRows } from '../plots/taken';
import { figures, network } from '../state';
import '../styles/files.css';
import { KeptHere } from './KeptHere';
import { take } from './parts/Chart';
import { Copyable } from './parts/Copyable';
import { FileSection } from './parts/FileSection';
import { ink } from './parts/ink';
import { type Offered, offered } from './parts/offered';

const FORMATS: readonly { format: NetworkFormat; opens: string }[] = [
  { format: 'safetensors', opens: 'PyTorch, JAX and whatever reads Hugging Face’s format' },
  { format: 'npz', opens: 'NumPy; the masks come along as arrays of their own' },
  { format: 'onnx', opens: 'ONNX Runtime, Netron, OpenCV, most frameworks' },
];

function Take({
  name,
  what,
  testid,
  onClick,
}: {
  name: string;
  what: string;
  testid: string;
  onClick: () => void;
}) {
  return (
    <li>
      <button type="button" class="button" data-testid={testid} onClick={onClick}>
        {name}
      </button>
      <span class="small muted">{what}</span>
    </li>
  );
}

function TheNetwork({ digest }: { digest: string }) {
  return (
    <FileSection title="The network on screen">
      <p class="small muted">
        What is cut is zero in it: weights, units and pixels. It names its recipe and its digest.
      </p>
      <ul class="takes">
        {FORMATS.map(({ format, opens }) => (
          <Take
            key={format}
            name={`.${format}`}
            what={opens}
            testid={`take-${format}`}
            onClick={() => takeNetwork(format)}
          />
        ))}
      </ul>
      <Copyable
        label="To load it in Python"
        value={`import numpy; layers = numpy.load("${nameOf(digest)}.npz")`}
        mono
      />
    </FileSection>
  );
}

function CopyScript() {
  const said = useSignal('');
  const copy = async () => {
    const text = await experimentText();
    if (text === null) return;
    try {
      await navigator.clipboard.writeText(text);
      said.value = 'Copied; it loads the weights that are in the zip.';
    } catch {
      said.value = 'This browser does not let the page copy; the script is in the zip.';
    }
  };
  return (
    <li>
      <button type="button" class="button" data-testid="copy-script" onClick={copy}>
        Copy the script
      </button>
      <span class="small muted" role="status">
        {said.value}
      </span>
    </li>
  );
}

function TheExperiment() {
  return (
    <FileSection title="The same experiment in PyTorch">
      <p class="small muted">
        A short script made from this recipe. It loads the weights, attacks them anew with PyTorch
        and torchattacks, and prints its figures beside those measured here.
      </p>
      <ul class="takes">
        <Take
          name="Script and weights, .zip"
          what="the network, what it was before its first cut, the recipe"
          testid="take-experiment"
          onClick={takeExperiment}
        />
        <CopyScript />
        <Take
          name="Recipe, .json"
          what="for secateurs replay on the command line"
          testid="take-recipe"
          onClick={takeRecipe}
        />
      </ul>
    </FileSection>
  );
}

/** The figures of the network on screen. */
function outcome(): string[][] | null {
  const facts = network.peek();
  if (!facts) return null;
  const { clean, transfer, adaptive, certified } = figures.peek();
  return outcomeRows(facts, [
    ['clean', clean],
    ['old adversarial', transfer],
    ['re-attacked', adaptive],
    ['certified', certified],
  ]);
}

function takeAll(): void {
  const own = outcome();
  const plots = [...offered.peek().values()].map(({ file, rows }) => ({ file, rows: rows() }));
  const tables = own ? [{ file: 'secateurs-figures', rows: own }, ...plots] : plots;
  takeTables(tables.map(({ file, rows }) => ({ name: `${file}.csv`, text: csv(rows) })));
}

const PICTURES = [
  { name: 'The network’s tiles', part: '.layers', file: 'secateurs-network' },
  { name: 'Image, perturbation, adversarial image', part: '.equation', file: 'secateurs-image' },
] as const;

async function takePicture(selector: string, file: string): Promise<void> {
  const part = document.querySelector(selector);
  if (part) save(await painting(part, css(ink.value.paper)), `${file}.png`);
}

function Plot({ plot }: { plot: Offered }) {
  return (
    <li>
      <span>{plot.title}</span>
      <span class="formats">
        {(['svg', 'png', 'csv'] as const).map((format) => (
          <button
            key={format}
            type="button"
            class="link"
            aria-label={`${plot.title} as ${format.toUpperCase()}`}
            onClick={() => take(plot, format)}
          >
            {format.toUpperCase()}
          </button>
        ))}
      </span>
    </li>
  );
}

function Plots() {
  const plots = [...offered.value.values()];
  return (
    <FileSection title="Plots and tables on the page now">
      <ul class="plots">
        {plots.map((plot) => (
          <Plot key={plot.file} plot={plot} />
        ))}
        {PICTURES.map(({ name, part, file }) => (
          <li key={file}>
            <span>{name}</span>
            <span class="formats">
              <button
                type="button"
                class="link"
                aria-label={`${name} as PNG`}
                onClick={() => takePicture(part, file)}
              >
                PNG
              </button>
            </span>
          </li>
        ))}
      </ul>
      <button type="button" class="button" data-testid="take-tables" onClick={takeAll}>
        All figures as CSV, .zip
      </button>
      <p class="small muted">
        Further plots join this list once they are measured. Plots are saved in light colours on
        white, for papers and slides, whatever colours the page has; pictures as they are shown.
      </p>
    </FileSection>
  );
}

/** The body of the dialog; a section more is a child more. */
export function Files() {
  const digest = useComputed(() => network.value?.digest).value;
  if (!digest) {
    return (
      <>
        <p>There is nothing to take away yet: train a network first, and open this again.</p>
        <KeptHere />
      </>
    );
  }
  return (
    <>
      <TheNetwork digest={digest} />
      <TheExperiment />
      <Plots />
      <KeptHere />
    </>
  );
}
