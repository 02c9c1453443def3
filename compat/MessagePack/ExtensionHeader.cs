namespace MessagePack;

/// <summary>What stands before the bytes of an extension: its type, and how many bytes follow.</summary>
#pragma warning disable CA1067 // the real one has no Equals(object) and no operators either
public struct ExtensionHeader : IEquatable<ExtensionHeader>
#pragma warning restore CA1067
{
    public ExtensionHeader(sbyte typeCode, uint length)
    {
        TypeCode = typeCode;
        Length = length;
    }

    public ExtensionHeader(sbyte typeCode, int length)
        : this(typeCode, checked((uint)length))
    {
    }

    /// <summary>The type; negative ones belong to the MessagePack specification.</summary>
    public sbyte TypeCode { get; private set; }

    /// <summary>The number of bytes that follow the header.</summary>
    public uint Length { get; private set; }

    /// <inheritdoc/>
    public readonly bool Equals(ExtensionHeader other) => TypeCode == other.TypeCode && Length == other.Length;
}
