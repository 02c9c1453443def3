using System.Buffers.Binary;

namespace MessagePack;

/// <content>Extensions, and the one that the specification defines: timestamps.</content>
public static partial class MessagePackPrimitives
{
    private const int NanosecondsPerTick = 100;

    /// <summary>Reads the type and the length of an extension.</summary>
    /// <remarks>Two bytes are needed to say anything: a single byte of any kind is <see cref="DecodeResult.InsufficientBuffer"/>.</remarks>
    public static DecodeResult TryReadExtensionHeader(ReadOnlySpan<byte> source, out ExtensionHeader extensionHeader, out int tokenSize)
    {
        extensionHeader = default;
        tokenSize = 2;
        if (source.Length < tokenSize)
            return source.IsEmpty ? DecodeResult.EmptyBuffer : DecodeResult.InsufficientBuffer;

        uint length;
        if (source[0] is >= MessagePackCode.FixExt1 and <= MessagePackCode.FixExt16)
        {
            length = 1u << (source[0] - MessagePackCode.FixExt1);
        }
        else
        {
            var width = source[0] switch
            {
                MessagePackCode.Ext8 => 1,
                MessagePackCode.Ext16 => 2,
                MessagePackCode.Ext32 => 4,
                _ => 0,
            };
            if (width == 0)
                return DecodeResult.TokenMismatch;
            var result = ReadLength(source, width, out length, out _);
            tokenSize = 2 + width;
            if (result != DecodeResult.Success || source.Length < tokenSize)
                return DecodeResult.InsufficientBuffer;
        }

        extensionHeader = new ExtensionHeader((sbyte)source[tokenSize - 1], length);
        return DecodeResult.Success;
    }

    /// <summary>Reads a timestamp with its header. The value is in UTC, cut to 100 ns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is not between the years 1 and 9999.</exception>
    public static DecodeResult TryReadDateTime(ReadOnlySpan<byte> source, out DateTime value, out int tokenSize)
    {
        var result = TryReadExtensionHeader(source, out var header, out tokenSize);
        if (result != DecodeResult.Success)
        {
            value = default;
            return result;
        }

        result = TryReadDateTime(source[tokenSize..], header, out value, out var extensionSize);
        tokenSize += extensionSize;
        return result;
    }

    /// <summary>Reads the bytes of a timestamp whose header has been read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is not between the years 1 and 9999.</exception>
    public static DecodeResult TryReadDateTime(ReadOnlySpan<byte> source, ExtensionHeader header, out DateTime value, out int tokenSize)
    {
        value = default;
        tokenSize = checked((int)header.Length);
        if (header.TypeCode != ReservedMessagePackExtensionTypeCode.DateTime)
            return DecodeResult.TokenMismatch;
        if (source.Length < tokenSize)
            return DecodeResult.InsufficientBuffer;
        if (tokenSize is not (4 or 8 or 12))
            return DecodeResult.TokenMismatch;

        var (seconds, nanoseconds) = Timestamp(source, tokenSize);
        value = DateTime.UnixEpoch.AddSeconds(seconds).AddTicks(nanoseconds / NanosecondsPerTick);
        return DecodeResult.Success;
    }

    private static (long Seconds, long Nanoseconds) Timestamp(ReadOnlySpan<byte> source, int length)
    {
        if (length == 4)
            return (BinaryPrimitives.ReadUInt32BigEndian(source), 0);
        if (length == 12)
            return (BinaryPrimitives.ReadInt64BigEndian(source[4..]), BinaryPrimitives.ReadUInt32BigEndian(source));

        // 30 bits of nanoseconds above 34 bits of seconds
        var both = BinaryPrimitives.ReadUInt64BigEndian(source);
        return ((long)(both & 0x3_ffff_ffff), (long)(both >> 34));
    }
}
