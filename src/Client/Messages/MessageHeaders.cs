using System.Collections;
using System.Diagnostics.CodeAnalysis;
using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// The headers of a received message as a dictionary that is decoded when it is first looked at, so that a reader who does not care pays for a
/// copy of a few bytes only. Names are compared exactly; when a name was sent twice the first one counts. Safe for many threads.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "Headers is what every message client calls them.")]
public sealed class MessageHeaders : IReadOnlyDictionary<string, string>
{
    /// <summary>No headers at all.</summary>
    public static readonly MessageHeaders Empty = new([]);

    private Dictionary<string, string>? _decoded;

    internal MessageHeaders(byte[] encoded) => Encoded = encoded;

    /// <summary>The map as it was on the wire; forwarding it costs no decoding.</summary>
    internal byte[] Encoded { get; }

    /// <inheritdoc/>
    public int Count => Decoded.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => Decoded.Keys;

    /// <inheritdoc/>
    public IEnumerable<string> Values => Decoded.Values;

    private Dictionary<string, string> Decoded => _decoded ??= HeaderCodec.Decode(Encoded);

    /// <inheritdoc/>
    public string this[string key] => Decoded[key];

    /// <inheritdoc/>
    public bool ContainsKey(string key) => Decoded.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value) => Decoded.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => Decoded.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
