import {
  Extension,
  ExtensionProperty,
  PropertyType,
  type ReaderContext,
  type WriterContext,
} from '@gltf-transform/core';

const NAME = 'KHR_materials_unlit';

/** Marks a material as unlit: the portrait's own light is in the texture. */
export class Unlit extends ExtensionProperty {
  declare extensionName: typeof NAME;
  declare propertyType: 'Unlit';
  declare parentTypes: [PropertyType.MATERIAL];
  static override EXTENSION_NAME: typeof NAME = NAME;

  protected override init(): void {
    this.extensionName = NAME;
    this.propertyType = 'Unlit';
    this.parentTypes = [PropertyType.MATERIAL];
  }
}

/** KHR_materials_unlit; @gltf-transform/core leaves extensions to a second package of 4 MB. */
export class UnlitExtension extends Extension {
  override readonly extensionName: typeof NAME = NAME;
  static override readonly EXTENSION_NAME: typeof NAME = NAME;

  createUnlit(): Unlit {
    return new Unlit(this.document.getGraph());
  }

  override read(context: ReaderContext): this {
    const definitions = context.jsonDoc.json.materials ?? [];
    definitions.forEach((definition, index) => {
      if (definition.extensions !== undefined && NAME in definition.extensions) {
        context.materials[index].setExtension(NAME, this.createUnlit());
      }
    });
    return this;
  }

  override write(context: WriterContext): this {
    for (const material of this.document.getRoot().listMaterials()) {
      if (material.getExtension(NAME) === null) continue;
      const index = context.materialIndexMap.get(material);
      const definition = index === undefined ? undefined : context.jsonDoc.json.materials?.[index];
      if (definition !== undefined) definition.extensions = { ...definition.extensions, [NAME]: {} };
    }
    return this;
  }
}
