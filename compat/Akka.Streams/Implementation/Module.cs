namespace Akka.Streams.Implementation;

/// <summary>
/// A graph as a tree: the leaves are stages, a node wires two subtrees together or changes a materialized value. A port is known by its place
/// in the list of open ports of its subtree, not by the identity of an object, so the same blueprint can appear any number of times in one
/// graph without being copied; and materializing is one walk over the tree.
/// </summary>
internal abstract class Module : IModule
{
    private Attributes _attributes;

    protected Module(Attributes attributes) => _attributes = attributes;

    public Attributes Attributes => _attributes;

    public abstract Shape Shape { get; }

    public abstract int InletCount { get; }

    public abstract int OutletCount { get; }

    public IModule WithAttributes(Attributes attributes)
    {
        var copy = (Module)MemberwiseClone();
        copy._attributes = attributes;
        return copy;
    }

    /// <summary>
    /// Makes the logics of all stages below, leaves the open ports in order on the stacks of the session, and returns the materialized value.
    /// </summary>
    public object Materialize(MaterializerSession session, in Scope scope) =>
        _attributes.IsEmpty ? Build(session, scope) : Build(session, session.Enter(scope, _attributes));

    protected abstract object Build(MaterializerSession session, in Scope scope);
}
