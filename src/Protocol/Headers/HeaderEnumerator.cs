using MessagePack;

namespace UdsBroker.Protocol;

/// <summary>
/// The entries of an encoded header map in their order, without allocating: <c>while (headers.MoveNext())</c>. Made for maps that the
/// scanner has checked; over anything else it ends early and throws nothing. The spans live as long as the map's bytes.
/// </summary>
public ref struct HeaderEnumerator
{
    private ElementCursor _cursor;
    private uint _left;
    private ReadOnlySpan<byte> _name;
    private ReadOnlySpan<byte> _value;

    /// <summary>Starts before the first entry.</summary>
    /// <param name="encodedHeaders">The map as scanned; no bytes are no entries.</param>
    public HeaderEnumerator(ReadOnlySpan<byte> encodedHeaders)
    {
        _cursor = new ElementCursor(encodedHeaders);
        if (_cursor.NextType == MessagePackType.Map)
            _cursor.ReadMapHeader(out _left);
    }

    /// <summary>The name of the entry in UTF-8.</summary>
    public readonly ReadOnlySpan<byte> Name => _name;

    /// <summary>The value of the entry in UTF-8.</summary>
    public readonly ReadOnlySpan<byte> Value => _value;

    /// <summary>Goes to the next entry; false when there is none.</summary>
    public bool MoveNext()
    {
        if (_left == 0)
            return false;
        _left--;
        bool isRead = Read(out _name) && Read(out _value);
        if (!isRead)
            _left = 0;
        return isRead;
    }

    private bool Read(out ReadOnlySpan<byte> utf8)
    {
        utf8 = default;
        return _cursor.ReadStrHeader(out uint length) == ScanResult.Done && _cursor.Take(length, out utf8) == ScanResult.Done;
    }
}
