/** `drawModel`: the door to draw/, which is loaded when it is first opened. */
import type { DrawOptions } from './draw/draw.ts';
import type { Model } from './model.ts';

/** A picture of the model as the text of an SVG file: boxes with class, name, shapes and number of weights, arrows between them. The model must know its input shape. */
export async function drawModel(model: Model, options: DrawOptions = {}): Promise<string> { return (await import('./draw/draw.ts')).draw(model, options); }
