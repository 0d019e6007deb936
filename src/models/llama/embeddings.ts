import { Embeddings, type EmbeddingsParams } from "@langchain/core/embeddings";
import { ChatLlama } from "./chat.js";

/** What `LlamaEmbeddings` is made from. */
export interface LlamaEmbeddingsFields extends EmbeddingsParams {
  /** Catalog name, or the path of a GGUF file, of a chat model. Models made for embeddings alone are refused. */
  model: string;
  /** Tokens of the longest text. @default 4096, or less where the model knows less */
  contextSize?: number;
}

/**
 * Embeddings by a model in this process, for LangChain's vector stores and retrievers. Vectors have unit length.
 *
 * @throws CopeError as `ChatLlama` does.
 * @example
 * const vectors = await new LlamaEmbeddings({ model: "qwen2.5-coder-0.5b-instruct" }).embedDocuments(texts);
 */
export class LlamaEmbeddings extends Embeddings {
  readonly #chat: ChatLlama;

  constructor({ model, contextSize, ...params }: LlamaEmbeddingsFields) {
    super(params);
    this.#chat = new ChatLlama({ model, ...(contextSize === undefined ? {} : { contextSize }) });
  }

  override embedQuery(text: string): Promise<number[]> {
    return this.#chat.embed(text);
  }

  override async embedDocuments(texts: string[]): Promise<number[][]> {
    const vectors: number[][] = [];
    for (const text of texts) vectors.push(await this.#chat.embed(text));
    return vectors;
  }
}
