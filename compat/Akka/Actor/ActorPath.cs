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

    public Address Address => Root._address;

    public long Uid { get; }

    /// <summary>The path one name shorter, null for the root.</summary>
    public ActorPath Parent { get; }

    public int Depth
    {
        get
        {
            var depth = 0;
            for (var path = this; path.Parent is not null; path = path.Parent) depth++;
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

    public ActorPath Root
    {
        get
        {
            var path = this;
            while (path.Parent is not null) path = path.Parent;
            return path;
        }
    }

    /// <summary>The path of a child, whose name may end in <c>#</c> and a uid.</summary>
    /// <exception cref="FormatException">What follows the <c>#</c> is no number of 32 bits.</exception>
    public static ActorPath operator /(ActorPath path, string name)
    {
        var uidAt = name.IndexOf('#', StringComparison.Ordinal);
        return uidAt < 0
            ? new ChildActorPath(path, name, ActorCell.UndefinedUid)
            : new ChildActorPath(path, name[..uidAt], ParseUid(name.AsSpan(uidAt + 1)));
    }

    public static ActorPath operator /(ActorPath path, IEnumerable<string> name)
    {
        foreach (var element in name)
            if (!string.IsNullOrEmpty(element)) path /= element;
        return path;
    }

    public static bool operator ==(ActorPath left, ActorPath right) => Equals(left, right);

    public static bool operator !=(ActorPath left, ActorPath right) => !Equals(left, right);

    public ActorPath Child(string childName) => this / childName;

    public ActorPath WithUid(long uid) =>
        uid == Uid ? this
        : Parent is not null ? new ChildActorPath(Parent, Name, uid)
        : throw new NotSupportedException("RootActorPath must have undefined Uid");

    /// <summary>Compares the names from the last to the first. A root comes after all paths with names.</summary>
    public int CompareTo(ActorPath other)
    {
        for (var path = this; !ReferenceEquals(path, other); path = path.Parent, other = other.Parent)
        {
            if (other is null) return 1;
            if (path.Parent is null) return other.Parent is null ? string.CompareOrdinal(path.ToString(), other.ToString()) : 1;
            if (other.Parent is null) return -1;
            if (string.CompareOrdinal(path.Name, other.Name) is not 0 and var order) return order;
        }

        return 0;
    }

    public bool Equals(ActorPath other)
    {
        for (var path = this; !ReferenceEquals(path, other); path = path.Parent, other = other.Parent)
        {
            if (other is null || path.Name != other.Name || path.Parent is null != other.Parent is null) return false;
            if (path.Parent is null) return path._address.Equals(other._address);
        }

        return true;
    }

    public override bool Equals(object obj) => Equals(obj as ActorPath);

    public override int GetHashCode()
    {
        var hash = 17;
        for (var path = this; path is not null; path = path.Parent)
            hash = (hash * 31) + (path.Parent is null ? path._address.GetHashCode() : path.Name.GetHashCode(StringComparison.Ordinal));
        return hash;
    }

    ISurrogate ISurrogated.ToSurrogate(ActorSystem system) => throw new NotSupportedException("Paths do not leave the process.");
}
