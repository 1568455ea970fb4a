import type { DomainRecipe } from '#common/synthetic/domains/domainRecipe';
import type { LightRig, Triple } from '#common/synthetic/scene';

/** The sampled light, brought towards the domain's by its `amount`. */
export function domainLight(sampled: LightRig, { light }: DomainRecipe): LightRig {
  if (light === undefined) return sampled;
  const { amount } = light;
  const mix = (from: Triple, to: Triple): Triple => [
    from[0] + (to[0] - from[0]) * amount,
    from[1] + (to[1] - from[1]) * amount,
    from[2] + (to[2] - from[2]) * amount,
  ];
  const [x, y, z] = mix(sampled.key.direction, unit(light.keyDirection));
  return {
    key: { ...sampled.key, direction: unit([x, y, z]), color: mix(sampled.key.color, light.key) },
    fill: { ...sampled.fill, color: mix(sampled.fill.color, light.fill) },
    rim: { ...sampled.rim, color: mix(sampled.rim.color, light.rim) },
    sky: mix(sampled.sky, light.sky),
    ground: mix(sampled.ground, light.ground),
  };
}

function unit([x, y, z]: Triple): Triple {
  const length = Math.sqrt(x * x + y * y + z * z) + 1e-12;
  return [x / length, y / length, z / length];
}
