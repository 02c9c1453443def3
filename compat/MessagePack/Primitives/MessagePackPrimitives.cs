using System.Buffers.Binary;

namespace MessagePack;

/// <summary>
/// Reads and writes one token at the start of a span: no state, no allocation, no exception for bytes that are missing or of another
/// kind. A read answers how it went and, as <c>tokenSize</c>, how many bytes the token has or would at least need.
/// </summary>
/// <remarks>
/// The case that a scanner meets with nearly every token (a value in the first byte) is small enough to be inlined into its loop; all
/// others are a call to a local <c>SlowPath</c>.
/// </remarks>
public static partial class MessagePackPrimitives
{
    /// <summary>How a read went.</summary>
    public enum DecodeResult
    {
        /// <summary>The token was read.</summary>
        Success,

        /// <summary>There is a token of another kind.</summary>
        TokenMismatch,

        /// <summary>There are no bytes.</summary>
        EmptyBuffer,

        /// <summary>The token is of the right kind, and its end is missing.</summary>
        InsufficientBuffer,
    }

    /// <summary>Reads the big-endian number of 1, 2 or 4 bytes that follows the first byte.</summary>
    private static DecodeResult ReadLength(ReadOnlySpan<byte> source, int width, out uint length, out int tokenSize)
    {
        tokenSize = 1 + width;
        if (source.Length < tokenSize)
        {
            length = 0;
            return DecodeResult.InsufficientBuffer;
        }

        length = width switch
        {
            1 => source[1],
            2 => BinaryPrimitives.ReadUInt16BigEndian(source[1..]),
            _ => BinaryPrimitives.ReadUInt32BigEndian(source[1..]),
        };
        return DecodeResult.Success;
    }

    private static DecodeResult Mismatch(ReadOnlySpan<byte> source, out uint length, out int tokenSize)
    {
        length = 0;
        tokenSize = 1;
        return source.IsEmpty ? DecodeResult.EmptyBuffer : DecodeResult.TokenMismatch;
    }
}
