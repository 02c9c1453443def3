namespace Akka.Actor;

/// <summary>Writing and reading paths, and which names they may hold.</summary>
public abstract partial class ActorPath
{
    /// <summary>Letters, digits, the valid symbols (not <c>$</c> first) and percent escapes.</summary>
    public static bool IsValidPathElement(string s)
    {
        if (string.IsNullOrEmpty(s) || s[0] == '$') return false;
        for (var i = 0; i < s.Length; i++)
        {
            var c = s[i];
            if (char.IsAsciiLetterOrDigit(c) || ValidSymbols.Contains(c, StringComparison.Ordinal)) continue;
            if (c != '%' || i + 2 >= s.Length || !char.IsAsciiHexDigit(s[i + 1]) || !char.IsAsciiHexDigit(s[i + 2])) return false;
            i += 2;
        }

        return true;
    }

    public static ActorPath Parse(string path) =>
        TryParse(path, out var parsed) ? parsed : throw new UriFormatException($"Can not parse an ActorPath: {path}");

    public static bool TryParse(string path, out ActorPath actorPath)
    {
        actorPath = null;
        if (!Address.TryParse(path, out var address)) return false;
        var start = path.IndexOf('/', path.IndexOf("://", StringComparison.Ordinal) + 3);
        actorPath = new RootActorPath(address);
        return start < 0 || TryParse(actorPath, path[start..], out actorPath);
    }

    public static bool TryParse(ActorPath basePath, string absoluteUri, out ActorPath actorPath)
    {
        actorPath = null;
        if (absoluteUri is null) return false;
        var uid = 0L;
        var fragment = absoluteUri.LastIndexOf('#');
        if (fragment >= 0)
        {
            if (!long.TryParse(absoluteUri.AsSpan(fragment + 1), out uid)) return false;
            absoluteUri = absoluteUri[..fragment];
        }

        actorPath = basePath;
        foreach (var element in absoluteUri.Split('/', StringSplitOptions.RemoveEmptyEntries))
            actorPath = new ChildActorPath(actorPath, element, ActorCell.UndefinedUid);
        if (uid != 0) actorPath = actorPath.WithUid(uid);
        return true;
    }

    public string ToStringWithoutAddress() => HasParent ? "/" + string.Join("/", Elements) : "/";

    public string ToStringWithAddress() => ToStringWithAddress(Address);

    public string ToStringWithAddress(Address address) =>
        (Address.Host is not null ? Address : address) + (HasParent ? ToStringWithoutAddress() : "/");

    public string ToStringWithUid() => Uid == ActorCell.UndefinedUid ? ToStringWithAddress() : $"{ToStringWithAddress()}#{Uid}";

    public override string ToString() => ToStringWithAddress();
}
