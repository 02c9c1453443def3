using System.Buffers.Binary;

namespace MessagePack;

/// <content>Floating-point numbers. Integers of any encoding are accepted, too, and converted.</content>
public static partial class MessagePackPrimitives
{
    /// <summary>Reads a number. One of 64 bits is rounded.</summary>
    public static DecodeResult TryReadSingle(ReadOnlySpan<byte> source, out float value, out int tokenSize)
    {
        // not by way of double, which would change the bits of a signalling NaN
        if (source.Length >= 5 && source[0] == MessagePackCode.Float32)
        {
            value = BinaryPrimitives.ReadSingleBigEndian(source[1..]);
            tokenSize = 5;
            return DecodeResult.Success;
        }

        if (!source.IsEmpty && source[0] is MessagePackCode.Float64 or MessagePackCode.Float32)
        {
            var result = TryReadDouble(source, out var wide, out tokenSize);
            value = (float)wide;
            return result;
        }

        if (!source.IsEmpty && source[0] == MessagePackCode.UInt64)
        {
            var result = TryReadUInt64(source, out var unsigned, out tokenSize);
            value = unsigned;
            return result;
        }

        var other = ReadSigned(source, out var integer, out tokenSize);
        value = integer;
        return other;
    }

    /// <summary>Reads a number.</summary>
    public static DecodeResult TryReadDouble(ReadOnlySpan<byte> source, out double value, out int tokenSize)
    {
        value = 0;
        DecodeResult result;
        switch (source.IsEmpty ? MessagePackCode.NeverUsed : source[0])
        {
            case MessagePackCode.Float32:
                tokenSize = 5;
                if (source.Length < tokenSize)
                    return DecodeResult.InsufficientBuffer;
                value = BinaryPrimitives.ReadSingleBigEndian(source[1..]);
                return DecodeResult.Success;
            case MessagePackCode.Float64:
                tokenSize = 9;
                if (source.Length < tokenSize)
                    return DecodeResult.InsufficientBuffer;
                value = BinaryPrimitives.ReadDoubleBigEndian(source[1..]);
                return DecodeResult.Success;
            case MessagePackCode.UInt64:
                result = TryReadUInt64(source, out var unsigned, out tokenSize);
                value = unsigned;
                return result;
            default:
                result = ReadSigned(source, out var integer, out tokenSize);
                value = integer;
                return result;
        }
    }
}
