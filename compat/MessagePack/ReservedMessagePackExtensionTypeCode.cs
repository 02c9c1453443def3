namespace MessagePack;

/// <summary>Extension types that the MessagePack specification itself defines.</summary>
public static class ReservedMessagePackExtensionTypeCode
{
    /// <summary>A timestamp.</summary>
    public const sbyte DateTime = -1;
}
