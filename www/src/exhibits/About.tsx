/** In plain words: what is on the screen, and how its numbers are defined. */
import { bringOpen } from '../bring/state';

export function About() {
  return (
    <footer class="about">
      <section aria-labelledby="about-title">
        <h2 id="about-title">What you are looking at</h2>
        <p>
          A small neural network reads handwritten digits. An <em>attack</em> changes every pixel of
          an image by at most ε, too little to bother a person, and chooses the changes so that the
          network reads something else. Inside, some neurons are moved far by such a change and some
          hardly at all. <em>Adversarial pruning</em> is the idea of cutting those that are moved
          most, in the hope that the attack goes with them. Here you can try whether it does.
        </p>
        <p>
          Every tile is one hidden neuron: the pattern of weights it looks for, blue where ink
          speaks against it, red where ink speaks for it. In deeper layers the pattern is the
          product of the weights that lead there. The stronger the frame, the further the attack
          moves that neuron. Press a tile to cut the neuron, press it again to bring it back.
        </p>
      </section>
      <section aria-labelledby="words-title">
        <h2 id="words-title">The words, exactly</h2>
        <dl>
          <dt>Clean</dt>
          <dd>Share of unchanged test images that are read right.</dd>
          <dt>Old adversarial</dt>
          <dd>
            Share read right of images that were attacked once, against the network before its first
            cut. Cutting anything makes such images stale, so this figure flatters every cut.
          </dd>
          <dt>Re-attacked</dt>
          <dd>
            Share read right when every image is attacked anew, against the network as it is now.
            This is the honest figure: a real attacker would try again. It is an upper bound, since
            a stronger attack could still find more.
          </dd>
          <dt>Certified</dt>
          <dd>
            Share proven to be read right whatever the change within ε, by interval bounds or
            backward linear bounds; a lower bound below the re-attacked figure. The truth lies
            between the two. Known for L∞ only.
          </dd>
          <dt>Checks</dt>
          <dd>
            The re-attacked figure is only as good as its attack. In the background others are tried
            on the same images, strong ones among them, and seven comparisons look for gradients
            that the network masks, such as whether blind noise does as much. Where one warns, the
            figure may flatter.
          </dd>
          <dt>Distortion</dt>
          <dd>
            v = E|z − z̃|: how far a neuron’s output after its ReLU moves, z on the image, z̃ on its
            adversarial example, on average over training images. <em>Relative</em> divides it by
            the standard deviation of z.
          </dd>
        </dl>
      </section>
      <section aria-labelledby="honest-title">
        <h2 id="honest-title">Honesty</h2>
        <p>
          Every number on this page was measured on this page, in your browser, on the images it
          names; ± is half the width of a 95 % Wilson interval. The re-attacked figure starts anew
          whenever the network changes and counts its images as they come. Criteria are scored on
          training images and figures measured on test images, never the other way round. The same
          recipe gives the same network bit for bit, so a link can be checked by whoever opens it.
        </p>
        <p>
          Digits: MNIST by Yann LeCun, Corinna Cortes and Christopher Burges. Nothing you do here is
          uploaded.
        </p>
        <p>
          <a class="link" href="./licences.html">
            What it is made of, and under which licences
          </a>
        </p>
        <p>
          <button
            type="button"
            class="link about-bring"
            onClick={() => {
              bringOpen.value = true;
            }}
          >
            Bring in a network, images or a picture of your own
          </button>
        </p>
      </section>
    </footer>
  );
}
