import Box from '@lucide/svelte/icons/box';
import Grid3x3 from '@lucide/svelte/icons/grid-3x3';
import Image from '@lucide/svelte/icons/image';
import Layers from '@lucide/svelte/icons/layers';
import Rotate3d from '@lucide/svelte/icons/axis-3d';
import Triangle from '@lucide/svelte/icons/triangle';
import type { Component } from 'svelte';
import type { ViewSettings } from '$services/view.svelte';

export interface ViewMode {
  readonly id: ViewSettings['mode'];
  readonly name: string;
  /** What it shows, for the tooltip. */
  readonly hint: string;
  readonly icon: Component;
}

export const VIEW_MODES: readonly ViewMode[] = [
  { id: 'textured', name: 'Textured', hint: 'The avatar as it is exported', icon: Image },
  { id: 'shaded', name: 'Shaded', hint: 'The shape alone, as grey clay under a light', icon: Box },
  { id: 'wireframe', name: 'Wireframe', hint: 'The triangles of the mesh', icon: Triangle },
  {
    id: 'normals',
    name: 'Normals',
    hint: 'Which way the surface faces: red right, green up, blue to you',
    icon: Rotate3d,
  },
  { id: 'depth', name: 'Depth', hint: 'Near is white, far is dark', icon: Layers },
  {
    id: 'uv',
    name: 'UV',
    hint: 'How the texture lies on the surface; squares show where it stretches',
    icon: Grid3x3,
  },
];
