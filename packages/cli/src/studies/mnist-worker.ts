/** What a worker of `limelight tune mnist` imports: defines the study with the options of its own address (mnist-worker.js?samples=10000&epochs=5). */
import { mnistStudy } from './mnist.ts';

const { searchParams } = new URL(import.meta.url);
mnistStudy({ samples: Number(searchParams.get('samples')), epochs: Number(searchParams.get('epochs')) }, import.meta.url);
