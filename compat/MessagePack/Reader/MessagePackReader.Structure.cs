using System.Runtime.CompilerServices;
using static MessagePack.MessagePackPrimitives;

namespace MessagePack;

/// <content>
/// Headers, and skipping. The <c>Read</c> methods check that what is announced can be there at all (one byte for each element, at least),
/// so that a caller may allocate for it; the <c>TryRead</c> methods do not, and answer false if the header itself is cut off.
/// </content>
public ref partial struct MessagePackReader
{
    /// <summary>Reads how many elements an array has.</summary>
    /// <exception cref="EndOfStreamException">Fewer bytes follow than there are elements.</exception>
    public int ReadArrayHeader()
    {
        EndUnless(TryReadArrayHeader(out var count) && _reader.Remaining >= count);
        return count;
    }

    /// <summary>Reads how many elements an array has, unless the header is cut off.</summary>
    /// <exception cref="OverflowException">More than <see cref="int.MaxValue"/>.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadArrayHeader(out int count)
    {
        if (ArrayCount(_reader.UnreadSpan, out count, out var tokenSize) != DecodeResult.Success)
            return TryReadAcross(ArrayCount, out count);
        _reader.Advance(tokenSize);
        return true;
    }

    /// <summary>Reads how many pairs a map has.</summary>
    /// <exception cref="OverflowException">More keys and values than <see cref="int.MaxValue"/>.</exception>
    /// <exception cref="EndOfStreamException">Fewer bytes follow than there are keys and values.</exception>
    public int ReadMapHeader()
    {
        EndUnless(TryReadMapHeader(out var count) && _reader.Remaining >= checked(count * 2));
        return count;
    }

    /// <summary>Reads how many pairs a map has, unless the header is cut off.</summary>
    /// <exception cref="OverflowException">More than <see cref="int.MaxValue"/>.</exception>
    public bool TryReadMapHeader(out int count)
    {
        if (MapCount(_reader.UnreadSpan, out count, out var tokenSize) != DecodeResult.Success)
            return TryReadAcross(MapCount, out count);
        _reader.Advance(tokenSize);
        return true;
    }

    /// <summary>Reads the type and the length of an extension.</summary>
    /// <exception cref="EndOfStreamException">Fewer bytes follow than the extension has.</exception>
    public ExtensionHeader ReadExtensionFormatHeader()
    {
        EndUnless(TryReadExtensionFormatHeader(out var header) && _reader.Remaining >= header.Length);
        return header;
    }

    /// <summary>Reads the type and the length of an extension, unless the header is cut off.</summary>
    public bool TryReadExtensionFormatHeader(out ExtensionHeader extensionHeader)
    {
        if (TryReadExtensionHeader(_reader.UnreadSpan, out extensionHeader, out var tokenSize) != DecodeResult.Success)
            return TryReadAcross(TryReadExtensionHeader, out extensionHeader);
        _reader.Advance(tokenSize);
        return true;
    }

    /// <summary>Moves behind the next value, all that is nested in it included.</summary>
    /// <remarks>
    /// Not recursive here, nor in the real package since its depth fix; 3.1.3 does recurse, and a few thousand levels end the process. Code
    /// that reads hostile bytes bounds the depth itself.
    /// </remarks>
    public void Skip()
    {
        for (var values = 1L; values > 0; values--)
            values = checked(values + SkipOne());
    }

    /// <summary>Moves behind one token and its payload.</summary>
    /// <returns>How many values are nested in it and come next.</returns>
    private long SkipOne()
    {
        var code = NextCode;
        switch (MessagePackCode.ToMessagePackType(code))
        {
            case MessagePackType.Array:
                EndUnless(TryReadArrayHeader(out var elements));
                return elements;
            case MessagePackType.Map:
                EndUnless(TryReadMapHeader(out var pairs));
                return checked(pairs * 2);
            case MessagePackType.String:
                SkipBytes(StringLength());
                return 0;
            case MessagePackType.Binary:
                SkipBytes(BinaryLength());
                return 0;
            case MessagePackType.Extension:
                EndUnless(TryReadExtensionFormatHeader(out var header));
                SkipBytes(header.Length);
                return 0;
            case MessagePackType.Unknown:
                throw Unexpected(code);
            default:
                SkipBytes(ScalarSize(code));
                return 0;
        }
    }

    private static int ScalarSize(byte code) => code switch
    {
        MessagePackCode.Int8 or MessagePackCode.UInt8 => 2,
        MessagePackCode.Int16 or MessagePackCode.UInt16 => 3,
        MessagePackCode.Int32 or MessagePackCode.UInt32 or MessagePackCode.Float32 => 5,
        MessagePackCode.Int64 or MessagePackCode.UInt64 or MessagePackCode.Float64 => 9,
        _ => 1,
    };

    private void SkipBytes(long count)
    {
        EndUnless(_reader.Remaining >= count);
        _reader.Advance(count);
    }

    /// <remarks>A count that is too large is refused before the reader moves.</remarks>
    private static DecodeResult ArrayCount(ReadOnlySpan<byte> source, out int count, out int tokenSize)
    {
        var result = MessagePackPrimitives.TryReadArrayHeader(source, out var wide, out tokenSize);
        count = checked((int)wide);
        return result;
    }

    private static DecodeResult MapCount(ReadOnlySpan<byte> source, out int count, out int tokenSize)
    {
        var result = MessagePackPrimitives.TryReadMapHeader(source, out var wide, out tokenSize);
        count = checked((int)wide);
        return result;
    }
}
