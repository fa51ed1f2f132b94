/** Steps that several commands share: the device, the data, loading a model. */
import { createDevice, loadModel, setDefaultDevice, type Model } from '@limelight/core';
import { datasets, type TrainAndTest } from '@limelight/data';

/** Makes the engine use so many threads. Must come before the first model. */
export function useThreads(threads: number | undefined): void {
  if (threads !== undefined) setDefaultDevice(createDevice({ threads }));
}

/** The datasets of the command line by name. */
export const loadData = (name: 'mnist'): Promise<TrainAndTest> => datasets[name]();

export const readModel = (path: string): Promise<Model> => loadModel(path);

/** What is told on the way goes to standard error, so that standard output holds results only. */
export const tell = (line: string): void => { console.error(line); };
