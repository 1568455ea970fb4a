import { describe, expect, it } from 'vitest';
import { buildNetwork, networkNamed, NETWORKS } from '#engine/networks/catalogue';
import { CONFIG_NAMES } from '#engine/networks/networkDefinition';

describe('the catalogue of networks', () => {
  it('has one network of each name', () => {
    const names = NETWORKS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)*$/);
  });

  it.each(NETWORKS.flatMap(({ name }) => CONFIG_NAMES.map((config) => [name, config] as const)))(
    '%s builds at %s, its keys under its prefix',
    (name, config) => {
      const { network, inputs, outputs, parameters } = buildNetwork(networkNamed(name), config, 1);
      expect(Object.keys(inputs).length).toBeGreaterThan(0);
      expect(Object.keys(outputs).length).toBeGreaterThan(0);
      // ONNX has one name for one value.
      expect(Object.keys(outputs).filter((output) => output in inputs)).toEqual([]);
      const { keyPrefix } = network;
      const stray = parameters.filter(({ attributes }) => keyPrefix !== '' && !attributes.name.startsWith(`${keyPrefix}.`)); // prettier-ignore
      expect(stray).toEqual([]);
    },
  );

  it('says what there is where it has no such network or config', () => {
    expect(() => networkNamed('none')).toThrow(/generator/);
    expect(() => buildNetwork(NETWORKS[0], 'huge', 1)).toThrow(/compact-cpu/);
  });
});
