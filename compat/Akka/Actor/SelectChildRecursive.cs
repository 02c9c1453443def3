namespace Akka.Actor;

/// <summary>The step <c>**</c> to all actors below.</summary>
public class SelectChildRecursive : SelectionPathElement
{
    public static readonly SelectChildRecursive Instance = new();

    public override bool Equals(object obj) => obj is SelectChildRecursive;

    public override int GetHashCode() => nameof(SelectChildRecursive).GetHashCode(StringComparison.Ordinal);

    public override string ToString() => "**";
}
