import { layers, sequential, defaultDevice } from '@limelight/core';
const count=6400;
const x={data:Uint8Array.from({length:count*784},(_, i)=>(i*7919)%256),shape:[count,28,28]}, y=Uint8Array.from({length:count},(_, i)=>i%10);
const model = sequential([
  layers.input({ shape: [28, 28], dtype: 'u8' }), layers.rescaling(1 / 255), layers.reshape([28, 28, 1]),
  layers.conv2d(32, 3, { activation: 'relu' }), layers.maxPooling2d(2), layers.conv2d(64, 3, { activation: 'relu' }), layers.maxPooling2d(2), layers.flatten(),
  layers.dense(128, { activation: 'relu' }), layers.dense(10, { activation: 'softmax' }),
]).compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
const s=[]; let st=0;
const h = await model.fit(x,y,{epochs:+(process.env.EP??3),batchSize:128,verbose:0,callbacks:[{onEpochBegin(){st=performance.now()},onEpochEnd(){s.push((performance.now()-st)/count)}}]});
console.log(defaultDevice().capabilities.description, s.map(v=>v.toFixed(3)).join(' '), JSON.stringify(h.history?.loss ?? ''));
