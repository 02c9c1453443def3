using System.Buffers;

namespace MessagePack;

/// <summary>An extension: its type and its bytes.</summary>
public struct ExtensionResult
{
    public ExtensionResult(sbyte typeCode, Memory<byte> data)
        : this(typeCode, new ReadOnlySequence<byte>(data))
    {
    }

    public ExtensionResult(sbyte typeCode, ReadOnlySequence<byte> data)
    {
        TypeCode = typeCode;
        Data = data;
    }

    /// <summary>The type; negative ones belong to the MessagePack specification.</summary>
    public sbyte TypeCode { get; private set; }

    /// <summary>The bytes; a slice of what was read, not a copy.</summary>
    public ReadOnlySequence<byte> Data { get; private set; }

    /// <summary>The header that these bytes need.</summary>
    public readonly ExtensionHeader Header => new(TypeCode, (uint)Data.Length);
}
