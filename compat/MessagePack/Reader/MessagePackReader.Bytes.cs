using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using static MessagePack.MessagePackPrimitives;

namespace MessagePack;

/// <content>Strings, binaries and extensions.</content>
public ref partial struct MessagePackReader
{
    /// <summary>Reads a binary, or nil. A string is taken, too: the first specification had no binaries.</summary>
    /// <returns>A slice of what the reader was given, not a copy; null for nil.</returns>
    public ReadOnlySequence<byte>? ReadBytes() => TryReadNil() ? null : ReadRaw(BinaryLength());

    /// <summary>Reads the UTF-8 bytes of a string, or nil.</summary>
    /// <returns>A slice of what the reader was given, not a copy; null for nil.</returns>
    public ReadOnlySequence<byte>? ReadStringSequence() => TryReadNil() ? null : ReadRaw(StringLength());

    /// <summary>Reads the UTF-8 bytes of a string if they lie in one segment.</summary>
    /// <returns>False, without moving, for nil and for a string that lies across segments.</returns>
    public bool TryReadStringSpan(out ReadOnlySpan<byte> span)
    {
        span = default;
        if (IsNil)
            return false;

        var start = _reader.Consumed;
        var length = checked((int)StringLength());
        EndUnless(_reader.Remaining >= length);
        if (_reader.UnreadSpan.Length < length)
        {
            _reader.Rewind(_reader.Consumed - start);
            return false;
        }

        span = _reader.UnreadSpan[..length];
        _reader.Advance(length);
        return true;
    }

    /// <summary>Reads a string, or nil. Bytes that are not UTF-8 become U+FFFD.</summary>
    public string? ReadString()
    {
        if (TryReadNil())
            return null;

        var length = StringLength();
        if (_reader.UnreadSpan.Length < length)
            return Encoding.UTF8.GetString(ReadRaw(length));

        var value = Encoding.UTF8.GetString(_reader.UnreadSpan[..(int)length]);
        _reader.Advance(length);
        return value;
    }

    /// <summary>Reads an extension.</summary>
    public ExtensionResult ReadExtensionFormat()
    {
        var header = ReadExtensionFormatHeader();
        return new ExtensionResult(header.TypeCode, ReadRaw(header.Length));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint StringLength()
    {
        if (TryReadStringHeader(_reader.UnreadSpan, out var length, out var tokenSize) != DecodeResult.Success)
            return ReadAcross<uint>(TryReadStringHeader);
        _reader.Advance(tokenSize);
        return length;
    }

    private uint BinaryLength()
    {
        if (MessagePackCode.ToMessagePackType(NextCode) == MessagePackType.String)
            return StringLength();
        if (TryReadBinHeader(_reader.UnreadSpan, out var length, out var tokenSize) != DecodeResult.Success)
            return ReadAcross<uint>(TryReadBinHeader);
        _reader.Advance(tokenSize);
        return length;
    }
}
