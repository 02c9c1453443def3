namespace UdsBroker.Protocol;

/// <summary>The header map of a PUBLISH: from text to bytes, and from scanned bytes to spans or text.</summary>
public static class HeaderCodec
{
    /// <summary>The encoded map; an empty one is encoded as no bytes, which the writer of PUBLISH turns to nil.</summary>
    public static byte[] Encode(IReadOnlyCollection<KeyValuePair<string, string>> headers) => throw new NotSupportedException();

    /// <summary>All headers as text; when a name comes twice, the first one counts. Empty for no bytes.</summary>
    public static Dictionary<string, string> Decode(ReadOnlySpan<byte> encodedHeaders) => throw new NotSupportedException();

    /// <summary>The first header of a name.</summary>
    public static bool TryFind(ReadOnlySpan<byte> encodedHeaders, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value) => throw new NotSupportedException();

    /// <summary>All headers in their order, without allocating.</summary>
    public static HeaderEnumerator Enumerate(ReadOnlySpan<byte> encodedHeaders) => new(encodedHeaders);
}
