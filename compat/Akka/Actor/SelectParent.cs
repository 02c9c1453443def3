namespace Akka.Actor;

/// <summary>The step to the parent.</summary>
public class SelectParent : SelectionPathElement
{
    public override bool Equals(object obj) => obj is SelectParent;

    public override int GetHashCode() => nameof(SelectParent).GetHashCode(StringComparison.Ordinal);

    public override string ToString() => "..";
}
