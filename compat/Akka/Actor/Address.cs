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

    /// <exception cref="UriFormatException">The text is no URI.</exception>
    public static Address Parse(string address)
    {
        var uri = new Uri(address);
        return uri.UserInfo.Length == 0 ? new Address(uri.Scheme, uri.Host) : new Address(uri.Scheme, uri.UserInfo, uri.Host, uri.Port);
    }

    /// <summary>Reads <c>akka://system</c> or <c>akka://system@host:port</c> from the front of a text; any protocol that begins with akka will do.</summary>
    public static bool TryParse(string path, out Address address) => TryParse(path, out address, out _);

    /// <summary>Gives also what follows the address, a slash if nothing does.</summary>
    internal static bool TryParse(string path, out Address address, out string rest)
    {
        address = null;
        rest = null;
        var scheme = path is null ? -1 : path.IndexOf(':', StringComparison.Ordinal);
        if (scheme is < 4 or > 255 || !path.StartsWith("akka", StringComparison.OrdinalIgnoreCase)) return false;
        if (!path.AsSpan(scheme).StartsWith("://")) return false;
        var protocol = path[..scheme].ToLowerInvariant();
        var name = path[(scheme + 3)..];
        var end = name.IndexOf('/', StringComparison.Ordinal);
        rest = end < 0 ? "/" : name[end..];
        if (end >= 0) name = name[..end];
        var at = name.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
        {
            address = new Address(protocol, name);
            return true;
        }

        // The host may be an IPv6 address in brackets, which has colons of its own.
        var bracket = name.IndexOf(']', at);
        var colon = name.IndexOf(':', bracket < 0 ? at : bracket);
        if (colon < 0 || !int.TryParse(name.AsSpan(colon + 1), out var port) || port < 0) return false;
        address = new Address(protocol, name[..at], name[(at + 1)..colon], port);
        return true;
    }

    public object Clone() => new Address(Protocol, System, Host, Port);

    /// <summary>By protocol, system, host and port.</summary>
    public int CompareTo(Address other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (string.CompareOrdinal(Protocol, other.Protocol) is not 0 and var byProtocol) return byProtocol;
        if (string.CompareOrdinal(System, other.System) is not 0 and var bySystem) return bySystem;
        if (string.CompareOrdinal(Host ?? "", other.Host ?? "") is not 0 and var byHost) return byHost;
        return (Port ?? 0).CompareTo(other.Port ?? 0);
    }

    int IComparable.CompareTo(object obj) => obj is Address other
        ? CompareTo(other)
        : throw new ArgumentException($"Cannot compare {nameof(Address)} with instance of type '{obj?.GetType().FullName ?? "null"}'.");

    public bool Equals(Address other) =>
        ReferenceEquals(this, other)
        || (other is not null && Protocol == other.Protocol && System == other.System && Host == other.Host && Port == other.Port);

    public override bool Equals(object obj) => Equals(obj as Address);

    public override int GetHashCode() => HashCode.Combine(Protocol, System, Host, Port);

    public override string ToString() =>
        string.IsNullOrWhiteSpace(Host) ? $"{Protocol}://{System}"
        : Port is null ? $"{Protocol}://{System}@{Host}"
        : $"{Protocol}://{System}@{Host}:{Port}";

    ISurrogate ISurrogated.ToSurrogate(ActorSystem system) => throw new NotSupportedException("Addresses do not leave the process.");
}
