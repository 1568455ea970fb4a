import { Gan } from '#engine/examples/gan/Gan';
import { GAN_DEFAULTS } from '#engine/examples/gan/settings';
import type { Backend } from '#engine/runtime/Backend';
import { OrtBackend } from '#engine/runtime/OrtBackend';
import { disposeState, newTrainState, placeState, readState } from '#engine/training/trainState';

const SETTINGS = { ...GAN_DEFAULTS, size: 8, channels: 4, latent: 8, batch: 4 };

/** One step of the example on the CPU and on WebGPU: their losses, and how many weights of how many differ. */
export async function compareGanStep() {
  const onCpu = await oneStep(new OrtBackend('cpu', { threadCount: 1 }));
  const onGpu = await oneStep(new OrtBackend('webgpu', { refusesFallback: true }));
  let [weights, different] = [0, 0];
  for (const [name, values] of onGpu.state.parameters) {
    const expected = onCpu.state.parameters.get(name)!;
    weights += values.length;
    different += values.filter((value, k) => Math.abs(value - expected[k]) > 1e-4).length;
  }
  return { cpu: onCpu.losses, gpu: onGpu.losses, weights, different };
}

async function oneStep(backend: Backend) {
  const { batch, latent, size } = SETTINGS;
  const gan = await Gan.compile(backend, SETTINGS);
  const state = await placeState(backend, newTrainState(gan.parameters, 1, gan.averaged), gan.parameters);
  const wave = (length: number) => Float32Array.from({ length }, (_, k) => Math.sin(k * 1.7));
  const still = Float32Array.from({ length: batch * 6 }, (_, k) => Number(k % 6 === 0 || k % 6 === 4));
  const same = Float32Array.from({ length: batch * 12 }, (_, k) => Number((k % 12) % 5 === 0));
  const real = new Map([['real', wave(batch * 3 * size * size)], ['real.placement', still], ['real.colour', same]]); // prettier-ignore
  const fake = new Map([['z', wave(batch * latent)], ['fake.placement', still], ['fake.colour', same]]); // prettier-ignore
  const losses = [
    (await gan.discriminator.run(state, new Map([...real, ...fake]), 0.002)).loss,
    (await gan.penalty.run(state, real, 0.002)).loss,
    (await gan.generator.run(state, fake, 0.002)).loss,
  ];
  await gan.average.update(state, 0.5);
  const read = await readState(backend, state);
  disposeState(state);
  await gan.dispose();
  return { losses, state: read };
}
