using Akka.Util;

namespace Akka.Actor;

/// <summary>Names an actor system: <c>akka://name</c>, with host and port when it can be reached from elsewhere.</summary>
public sealed class Address : IEquatable<Address>, IComparable<Address>, IComparable, ISurrogated, ICloneable
{
    public static readonly Address AllSystems = new("akka", "all-systems");

    public Address(string protocol, string system, string host = null, int? port = null)
    {
        Protocol = protocol;
        System = system;
        Host = host?.ToLowerInvariant();
        Port = port;
    }

    public string Host { get; }

    public int? Port { get; }

    public string Protocol { get; }

    public string System { get; }

    public static bool operator ==(Address left, Address right) => Equals(left, right);

    public static bool operator !=(Address left, Address right) => !Equals(left, right);

    public static Address Parse(string address) =>
        TryParse(address, out var parsed) ? parsed : throw new UriFormatException($"[{address}] is not an address");

    public static bool TryParse(string path, out Address address)
    {
        address = null;
        if (path is null || path.IndexOf("://", StringComparison.Ordinal) is not (> 0 and var scheme)) return false;
        var rest = path[(scheme + 3)..];
        var end = rest.IndexOf('/', StringComparison.Ordinal);
        if (end >= 0) rest = rest[..end];
        if (rest.Length == 0) return false;
        var at = rest.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
        {
            address = new Address(path[..scheme], rest);
            return true;
        }

        var colon = rest.LastIndexOf(':');
        if (colon < at || !int.TryParse(rest.AsSpan(colon + 1), out var port)) return false;
        address = new Address(path[..scheme], rest[..at], rest[(at + 1)..colon], port);
        return true;
    }

    public object Clone() => new Address(Protocol, System, Host, Port);

    public int CompareTo(Address other) =>
        other is null ? 1 : string.CompareOrdinal(ToString(), other.ToString());

    int IComparable.CompareTo(object obj) => obj is null or Address
        ? CompareTo((Address)obj)
        : throw new ArgumentException($"An address cannot be compared with a {obj.GetType()}.", nameof(obj));

    public bool Equals(Address other) =>
        ReferenceEquals(this, other)
        || (other is not null && Protocol == other.Protocol && System == other.System && Host == other.Host && Port == other.Port);

    public override bool Equals(object obj) => Equals(obj as Address);

    public override int GetHashCode() => HashCode.Combine(Protocol, System, Host, Port);

    public override string ToString() =>
        Host is null ? $"{Protocol}://{System}"
        : Port is null ? $"{Protocol}://{System}@{Host}"
        : $"{Protocol}://{System}@{Host}:{Port}";

    ISurrogate ISurrogated.ToSurrogate(ActorSystem system) => throw new NotSupportedException("Addresses do not leave the process.");
}
