/** A link that begins with what no link can carry, and what to do about it; the images in use. */
import { bringOpen, lacking, ownImages } from '../bring/state';
import { notify } from '../engine/notices';
import { count } from '../plots/measured';

const actions = () => import('../bring/actions');

function act(name: 'backToMnist' | 'letGo'): void {
  actions().then(
    (known) => known[name](),
    () => {
      const sentence = 'What handles files did not arrive; is the connection down?';
      notify('problem', sentence, () => act(name));
    },
  );
}

export function Lacking() {
  const lack = lacking.value;
  if (!lack) return null;
  const sentences = {
    network: `This link begins with a network from a file, digest ${lack.digest}, which a link cannot carry: bring in the file, then it replays.`,
    images: `This link is of images from files, digest ${lack.digest}, which a link cannot carry: bring in the files, then it replays.`,
    mnist: 'This link is of MNIST’s images, but your own are in use.',
  };
  return (
    <div class="strip" role="status" data-testid="lacking">
      <p>{sentences[lack.kind]}</p>
      {lack.kind === 'mnist' ? (
        <button type="button" class="button" onClick={() => act('backToMnist')}>
          Back to MNIST
        </button>
      ) : (
        <button
          type="button"
          class="button"
          onClick={() => {
            bringOpen.value = true;
          }}
        >
          {lack.kind === 'network' ? 'Bring in the file' : 'Bring in the files'}
        </button>
      )}
      <button type="button" class="button plain" onClick={() => act('letGo')}>
        Go on without it
      </button>
    </div>
  );
}

export function OwnImages() {
  const own = ownImages.value;
  if (!own) return null;
  return (
    <div class="strip" role="status" data-testid="own-images">
      <p>
        Your images are in use instead of MNIST: {count(own.train)} to train on, {count(own.test)}{' '}
        to test on.
      </p>
      <button type="button" class="button" onClick={() => act('backToMnist')}>
        Back to MNIST
      </button>
    </div>
  );
}
