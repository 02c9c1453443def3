namespace MessagePack;

/// <summary>The value nil. There is only one, so all are equal.</summary>
public struct Nil : IEquatable<Nil>
{
    /// <summary>The value.</summary>
    public static readonly Nil Default;

    public static bool operator ==(Nil left, Nil right) => true;

    public static bool operator !=(Nil left, Nil right) => false;

    /// <inheritdoc/>
    public readonly bool Equals(Nil other) => true;

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is Nil;

    /// <inheritdoc/>
    public override readonly int GetHashCode() => 0;

    /// <inheritdoc/>
    public override readonly string ToString() => "()";
}
