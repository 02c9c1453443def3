using System.Text;

namespace UdsBroker.Protocol;

/// <summary>
/// The header map of a PUBLISH, from text to bytes and back: <c>headers = map(str -> str) / nil</c>. Names are compared byte by byte; when
/// one comes twice, the first counts. No headers are zero bytes here and nil on the wire. PROTOCOL.md, "Headers".
/// </summary>
public static class HeaderCodec
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The encoded map, in the order given. The caller checks it against the limits.</summary>
    /// <exception cref="ArgumentException">A name or a value holds a lone surrogate, which has no UTF-8.</exception>
    public static byte[] Encode(IReadOnlyCollection<KeyValuePair<string, string>> headers)
    {
        if (headers.Count == 0)
            return [];
        int capacity = MaxElementHeader;
        foreach ((string name, string value) in headers)
            capacity += (2 * MaxElementHeader) + Strict.GetMaxByteCount(name.Length) + Strict.GetMaxByteCount(value.Length);

        byte[] buffer = new byte[capacity];
        ElementWriter writer = new(buffer);
        writer.WriteMapHeader((uint)headers.Count);
        foreach ((string name, string value) in headers)
        {
            writer.WriteStr(Strict.GetBytes(name));
            writer.WriteStr(Strict.GetBytes(value));
        }

        return buffer[..writer.Position];
    }

    /// <summary>All headers as text; empty for no bytes.</summary>
    public static Dictionary<string, string> Decode(ReadOnlySpan<byte> encodedHeaders)
    {
        Dictionary<string, string> headers = [];
        HeaderEnumerator entries = new(encodedHeaders);
        while (entries.MoveNext())
            headers.TryAdd(Encoding.UTF8.GetString(entries.Name), Encoding.UTF8.GetString(entries.Value));
        return headers;
    }

    /// <summary>The value of the first header of a name, without allocating.</summary>
    public static bool TryFind(ReadOnlySpan<byte> encodedHeaders, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        HeaderEnumerator entries = new(encodedHeaders);
        while (entries.MoveNext())
        {
            if (!entries.Name.SequenceEqual(name))
                continue;
            value = entries.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>All headers in their order, without allocating.</summary>
    public static HeaderEnumerator Enumerate(ReadOnlySpan<byte> encodedHeaders) => new(encodedHeaders);

    // The header of a map or a str has at most 5 bytes.
    private const int MaxElementHeader = 5;
}
