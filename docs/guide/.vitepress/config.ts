/** The guide as a site: `npm run docs:guide` builds it into docs/guide/.vitepress/dist. Formulas are rendered by MathJax while building, so pages need no network. */
import { defineConfig } from 'vitepress';

const chapters = [
  ['Neural networks', 'neural-networks'], ['Losses', 'losses'], ['Gradient descent', 'gradient-descent'], ['Back-propagation', 'back-propagation'],
  ['Convolutions', 'cnn'], ['Recurrence', 'rnn'], ['Attention', 'attention'], ['Embeddings', 'embeddings'], ['Generative pairs', 'generative-pairs'], ['Graphs', 'graphs'],
  ['Choosing an optimizer', 'choosing-an-optimizer'], ['Choosing a learning rate', 'choosing-a-learning-rate'], ['Over-fitting', 'over-fitting'],
  ['Data quality', 'data-quality'], ['Explanation', 'explanation'],
  ['Small compute', 'small-compute'],
] as const;

export default defineConfig({
  title: 'Limelight',
  description: 'Neural networks in TypeScript, from the first neuron to attention.',
  cleanUrls: false,
  markdown: { math: true },
  themeConfig: {
    sidebar: [{ text: 'The guide', items: chapters.map(([text, page], i) => ({ text: `${i + 1}. ${text}`, link: `/${page}` })) }],
    outline: false,
    search: { provider: 'local' },
  },
});
