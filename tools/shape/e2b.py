"""Gemma 4 E2B as its config.json and llama.cpp's loader have it: every tensor's name and shape, and none of its values."""
from gguf_stream import BOOL, FLOAT32, INT32, STRING, UINT32, GgufStream

# the text model
LAYERS, WIDTH, HEADS, KEY_VALUE_HEADS = 35, 1536, 8, 1
SLIDING_HEAD, GLOBAL_HEAD, WINDOW, CONTEXT = 256, 512, 512, 131_072
SHARING_LAYERS = 20  # the last ones: they read the keys and values of earlier ones
PER_LAYER_WIDTH, VOCABULARY, MERGES = 256, 262_144, 514_906
OWNING_LAYERS = LAYERS - SHARING_LAYERS
SLIDES = [layer % 5 != 4 for layer in range(LAYERS)]
FEED_FORWARD = [6_144 if layer < OWNING_LAYERS else 12_288 for layer in range(LAYERS)]

# the audio encoder: a conformer, whose output is projected to the text's width
AUDIO_LAYERS, AUDIO_WIDTH, AUDIO_HEADS, AUDIO_FEED_FORWARD = 12, 1_024, 8, 4_096
MEL_BINS, CHANNELS, KERNEL, AUDIO_OUTPUT = 128, (128, 32), 5, 1_536

SPECIAL_TOKENS = {
    0: '<pad>', 1: '<eos>', 2: '<bos>', 3: '<unk>', 4: '<mask>',
    46: '<|tool>', 47: '<tool|>', 48: '<|tool_call>', 49: '<tool_call|>', 50: '<|tool_response>', 51: '<tool_response|>',
    52: '<|"|>', 98: '<|think|>', 100: '<|channel>', 101: '<channel|>', 105: '<|turn>', 106: '<turn|>',
    255_999: '<|image>', 256_000: '<|audio>', 258_880: '<|image|>', 258_881: '<|audio|>', 258_882: '<image|>',
    258_883: '<audio|>',
}  # fmt: skip
NORMAL_TOKEN, UNKNOWN_TOKEN, CONTROL_TOKEN, BYTE_TOKEN = 1, 2, 3, 6
FIRST_BYTE, FIRST_CHARACTER = 238, 600

# llama.cpp knows Gemma 4's by the mark in the comment
TEMPLATE = """\
{#- OpenAI Chat Completions: shape template; marks: '<|tool_call>call:' -#}{{ bos_token }}
{%- for m in messages -%}
{{ '<|turn>' + ('model' if m['role'] == 'assistant' else m['role']) + '\\n' }}
{%- if m['content'] is string -%}{{ m['content'] | trim }}
{%- else -%}{%- for p in m['content'] -%}{%- if p['type'] == 'text' -%}{{ p['text'] | trim }}{%- endif -%}{%- endfor -%}
{%- endif -%}{{ '<turn|>\\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}{{ '<|turn>model\\n' }}{%- endif -%}"""


def tokens():
    """As many as Gemma has. A text is a token for each of its characters, so that its length is easy to choose."""
    words = [f'\u2581w{number:06}' for number in range(VOCABULARY)]
    kinds = [NORMAL_TOKEN] * VOCABULARY
    for number, word in SPECIAL_TOKENS.items():
        words[number], kinds[number] = word, CONTROL_TOKEN
    kinds[3] = UNKNOWN_TOKEN
    for byte in range(256):
        words[FIRST_BYTE + byte], kinds[FIRST_BYTE + byte] = f'<0x{byte:02X}>', BYTE_TOKEN
    characters = ['\u2581', '\n', *map(chr, range(0x21, 0x7F)), *'áéíóúñüÁÉÍÓÚÑÜ¿¡']
    words[FIRST_CHARACTER : FIRST_CHARACTER + len(characters)] = characters
    return words, kinds


def merges():
    """As many as Gemma has, for the memory that they take; none ever applies."""
    dummy = lambda number: f'\u2581w{1000 + number % 250_000:06}'  # noqa: E731
    return [f'{dummy(number)} {dummy(number * 7 + number // 250_000)}' for number in range(MERGES)]


def text_model(seed):
    file = GgufStream(seed)
    file.put('general.architecture', STRING, 'gemma4')
    file.put('general.type', STRING, 'model')
    file.put('general.name', STRING, 'shape of Gemma 4 E2B: random weights')
    file.put('general.file_type', UINT32, 7)
    sizes = {
        'context_length': CONTEXT,
        'embedding_length': WIDTH,
        'block_count': LAYERS,
        'attention.head_count': HEADS,
        'attention.head_count_kv': KEY_VALUE_HEADS,
        'attention.key_length': GLOBAL_HEAD,
        'attention.value_length': GLOBAL_HEAD,
        'attention.key_length_swa': SLIDING_HEAD,
        'attention.value_length_swa': SLIDING_HEAD,
        'attention.sliding_window': WINDOW,
        'attention.shared_kv_layers': SHARING_LAYERS,
        'embedding_length_per_layer_input': PER_LAYER_WIDTH,
        'rope.dimension_count': GLOBAL_HEAD,
        'rope.dimension_count_swa': SLIDING_HEAD,
    }
    file.put_all(UINT32, {f'gemma4.{key}': value for key, value in sizes.items()})
    file.put_array('gemma4.feed_forward_length', INT32, FEED_FORWARD)
    file.put_array('gemma4.attention.sliding_window_pattern', BOOL, SLIDES)
    file.put('gemma4.attention.layer_norm_rms_epsilon', FLOAT32, 1e-6)
    file.put('gemma4.rope.freq_base', FLOAT32, 1e6)
    file.put('gemma4.rope.freq_base_swa', FLOAT32, 1e4)
    file.put('gemma4.final_logit_softcapping', FLOAT32, 30.0)
    put_tokenizer(file)

    file.tensor('token_embd.weight', [WIDTH, VOCABULARY], 'q8_0')  # the output's matrix too
    per_layer = PER_LAYER_WIDTH * LAYERS
    file.tensor('per_layer_token_embd.weight', [per_layer, VOCABULARY], 'q8_0', deviation=PER_LAYER_WIDTH**-0.5)
    file.tensor('per_layer_model_proj.weight', [WIDTH, per_layer], 'f16')
    file.tensor('per_layer_proj_norm.weight', [PER_LAYER_WIDTH], fill=1)
    file.tensor('output_norm.weight', [WIDTH], fill=1)
    # a quarter of the pairs rotate
    file.tensor('rope_freqs.weight', [GLOBAL_HEAD // 2], fill=[1.0] * 64 + [1e30] * 192)
    for layer in range(LAYERS):
        put_text_layer(file, layer)
    return file


def put_tokenizer(file):
    words, kinds = tokens()
    file.put('tokenizer.ggml.model', STRING, 'gemma4')
    file.put_array('tokenizer.ggml.tokens', STRING, words)
    file.put_array('tokenizer.ggml.scores', FLOAT32, [0.0] * VOCABULARY)
    file.put_array('tokenizer.ggml.token_type', INT32, kinds)
    file.put_array('tokenizer.ggml.merges', STRING, merges())
    numbers = {'bos': 2, 'eos': 1, 'unknown': 3, 'padding': 0}
    file.put_all(UINT32, {f'tokenizer.ggml.{name}_token_id': number for name, number in numbers.items()})
    file.put('tokenizer.ggml.add_bos_token', BOOL, True)
    file.put('tokenizer.ggml.add_space_prefix', BOOL, False)
    file.put('tokenizer.chat_template', STRING, TEMPLATE)


def put_text_layer(file, layer):
    head = SLIDING_HEAD if SLIDES[layer] else GLOBAL_HEAD
    wide = FEED_FORWARD[layer]
    matrices = {
        'attn_q': [WIDTH, HEADS * head],
        'attn_output': [HEADS * head, WIDTH],
        'ffn_gate': [WIDTH, wide],
        'ffn_up': [WIDTH, wide],
        'ffn_down': [wide, WIDTH],
        'inp_gate': [WIDTH, PER_LAYER_WIDTH],
        'proj': [PER_LAYER_WIDTH, WIDTH],
    }
    # so chosen that activations stay near unit variance: no infinity, no NaN
    norms = {
        'attn_norm': (WIDTH, 1.0),
        'attn_q_norm': (head, head**-0.25),
        'post_attention_norm': (WIDTH, 0.5),
        'ffn_norm': (WIDTH, 1.0),
        'post_ffw_norm': (WIDTH, 0.5),
        'post_norm': (WIDTH, 0.1),
        'layer_output_scale': (1, 1.0),
    }
    if layer < OWNING_LAYERS:
        matrices |= {'attn_k': [WIDTH, KEY_VALUE_HEADS * head], 'attn_v': [WIDTH, KEY_VALUE_HEADS * head]}
        norms |= {'attn_k_norm': (head, head**-0.25)}
    for name, shape in matrices.items():
        file.tensor(f'blk.{layer}.{name}.weight', shape, 'q8_0')
    for name, (length, fill) in norms.items():
        file.tensor(f'blk.{layer}.{name}.weight', [length], fill=fill)


def audio_projector(seed):
    file = GgufStream(seed)
    file.put('general.architecture', STRING, 'clip')
    file.put('general.type', STRING, 'mmproj')
    file.put('general.name', STRING, 'shape of Gemma 4 E2B’s audio encoder: random weights')
    file.put('general.file_type', UINT32, 1)
    file.put('clip.has_audio_encoder', BOOL, True)
    file.put('clip.audio.projector_type', STRING, 'gemma4a')
    file.put('clip.use_silu', BOOL, True)
    sizes = {
        'embedding_length': AUDIO_WIDTH,
        'feed_forward_length': AUDIO_FEED_FORWARD,
        'block_count': AUDIO_LAYERS,
        'attention.head_count': AUDIO_HEADS,
        'projection_dim': WIDTH,
        'num_mel_bins': MEL_BINS,
    }
    file.put_all(UINT32, {f'clip.audio.{key}': value for key, value in sizes.items()})
    file.put('clip.audio.attention.layer_norm_epsilon', FLOAT32, 1e-6)

    first, second = CHANNELS
    file.tensor('a.conv1d.0.weight', [3, 3, 1, first], deviation=0.3)
    file.tensor('a.conv1d.0.norm.weight', [first], fill=1)
    file.tensor('a.conv1d.1.weight', [3, 3, first, second], deviation=(9 * first) ** -0.5)
    file.tensor('a.conv1d.1.norm.weight', [second], fill=1)
    file.tensor('a.input_projection.weight', [second * MEL_BINS // 4, AUDIO_WIDTH])
    file.tensor('a.pre_encode.out.weight', [AUDIO_WIDTH, AUDIO_OUTPUT], 'f16')
    file.tensor('a.pre_encode.out.bias', [AUDIO_OUTPUT], fill=0)
    file.tensor('mm.a.soft_emb_norm.weight', [AUDIO_OUTPUT], fill=1)
    file.tensor('mm.a.input_projection.weight', [AUDIO_OUTPUT, WIDTH], 'f16')
    for layer in range(AUDIO_LAYERS):
        put_audio_layer(file, f'a.blk.{layer}.')
    return file


def put_audio_layer(file, prefix):
    square = [AUDIO_WIDTH, AUDIO_WIDTH]
    widening, narrowing = [AUDIO_WIDTH, AUDIO_FEED_FORWARD], [AUDIO_FEED_FORWARD, AUDIO_WIDTH]
    ones = ['ffn_norm', 'attn_pre_norm', 'conv_norm', 'norm_conv', 'ffn_norm_1', 'ln2']
    halves = ['ffn_post_norm', 'attn_post_norm', 'ffn_post_norm_1']
    for name in ones + halves:
        file.tensor(f'{prefix}{name}.weight', [AUDIO_WIDTH], fill=1.0 if name in ones else 0.5)
    file.tensor(f'{prefix}per_dim_scale.weight', [AUDIO_WIDTH // AUDIO_HEADS], fill=0.35)
    file.tensor(f'{prefix}attn_k_rel.weight', square, 'f16')
    file.tensor(f'{prefix}conv_dw.weight', [KERNEL, AUDIO_WIDTH], deviation=0.4)
    matrices = {name: square for name in ('attn_q', 'attn_k', 'attn_v', 'attn_out', 'conv_pw2')}
    matrices |= {'conv_pw1': [AUDIO_WIDTH, 2 * AUDIO_WIDTH], 'ffn_up': widening, 'ffn_up_1': widening}
    matrices |= {'ffn_down': narrowing, 'ffn_down_1': narrowing}
    for name, shape in matrices.items():
        file.tensor(f'{prefix}{name}.weight', shape, 'f16')
        # the real file clamps what goes in and what comes out
        for bound in ('input_min', 'input_max', 'output_min', 'output_max'):
            file.tensor(f'{prefix}{name}.{bound}', [1], fill=-1e4 if bound.endswith('min') else 1e4)
