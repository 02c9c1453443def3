using Akka.Util;

namespace Akka.Actor;

/// <summary>
/// The place of an actor in its system: the address, then the names from the root down. The uid tells two actors apart that
/// had the same place one after the other; it counts for references, not for the equality of paths.
/// </summary>
public abstract partial class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>, ISurrogated
{
    public const string ValidSymbols = @"""-_.*$+:@&=,!~';()";

    private readonly Address _address;

    protected ActorPath(Address address, string name)
    {
        _address = address;
        Name = name;
        Uid = ActorCell.UndefinedUid;
    }

    protected ActorPath(ActorPath parentPath, string name, long uid)
    {
        Parent = parentPath;
        Name = name;
        Uid = uid;
    }

    public string Name { get; }

    public Address Address => ((RootOf(this))._address);

    public long Uid { get; }

    /// <summary>The path one name shorter; the root is its own parent.</summary>
    public ActorPath Parent => field ?? this;

    public int Depth
    {
        get
        {
            var depth = 0;
            for (var path = this; path.HasParent; path = path.Parent) depth++;
            return depth;
        }
    }

    public IReadOnlyList<string> Elements
    {
        get
        {
            var names = new string[Depth];
            var path = this;
            for (var i = names.Length - 1; i >= 0; i--, path = path.Parent) names[i] = path.Name;
            return names;
        }
    }

    public ActorPath Root => RootOf(this);

    private bool HasParent => _address is null;

    public static ActorPath operator /(ActorPath path, string name) => path.Child(name);

    public static ActorPath operator /(ActorPath path, IEnumerable<string> name) =>
        name.Where(element => !string.IsNullOrEmpty(element)).Aggregate(path, (parent, element) => parent / element);

    public static bool operator ==(ActorPath left, ActorPath right) => Equals(left, right);

    public static bool operator !=(ActorPath left, ActorPath right) => !Equals(left, right);

    public ActorPath Child(string childName) => new ChildActorPath(this, childName, ActorCell.UndefinedUid);

    public ActorPath WithUid(long uid) =>
        !HasParent ? uid == Uid ? this : throw new NotSupportedException("RootActorPath must have undefined uid")
        : uid == Uid ? this
        : new ChildActorPath(Parent, Name, uid);

    public int CompareTo(ActorPath other)
    {
        if (ReferenceEquals(this, other)) return 0;
        return other is null ? 1 : string.CompareOrdinal(ToStringWithAddress(), other.ToStringWithAddress());
    }

    public bool Equals(ActorPath other)
    {
        for (var path = this; ; path = path.Parent, other = other.Parent)
        {
            if (ReferenceEquals(path, other)) return true;
            if (other is null || path.HasParent != other.HasParent) return false;
            if (!path.HasParent) return path._address.Equals(other._address) && path.Name == other.Name;
            if (path.Name != other.Name) return false;
        }
    }

    public override bool Equals(object obj) => Equals(obj as ActorPath);

    public override int GetHashCode()
    {
        var hash = 17;
        var path = this;
        for (; path.HasParent; path = path.Parent) hash = (hash * 31) + path.Name.GetHashCode(StringComparison.Ordinal);
        return (hash * 31) + path._address.GetHashCode();
    }

    ISurrogate ISurrogated.ToSurrogate(ActorSystem system) => throw new NotSupportedException("Paths do not leave the process.");

    private static ActorPath RootOf(ActorPath path)
    {
        while (path.HasParent) path = path.Parent;
        return path;
    }
}
