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

    /// <exception cref="UriFormatException">The text does not begin with an address.</exception>
    /// <exception cref="FormatException">What follows a <c>#</c> in the last name is no number of 32 bits.</exception>
    public static ActorPath Parse(string path) =>
        TryParse(path, out var parsed) ? parsed : throw new UriFormatException($"Can not parse an ActorPath: {path}");

    /// <inheritdoc cref="Parse"/>
    public static bool TryParse(string path, out ActorPath actorPath)
    {
        actorPath = null;
        return Address.TryParse(path, out var address, out var names) && TryParse(new RootActorPath(address), names, out actorPath);
    }

    /// <summary>Adds the names in a text to a path; empty ones are left out.</summary>
    /// <exception cref="FormatException">What follows a <c>#</c> in the last name is no number of 32 bits.</exception>
    public static bool TryParse(ActorPath basePath, string absoluteUri, out ActorPath actorPath)
    {
        actorPath = basePath;
        var names = (absoluteUri ?? "").Split('/');
        foreach (var name in names.AsSpan(..^1))
            if (name.Length > 0) actorPath = new ChildActorPath(actorPath, name, ActorCell.UndefinedUid);
        if (names[^1].Length > 0) actorPath /= names[^1];
        return true;
    }

    public string ToStringWithoutAddress() => "/" + string.Join("/", Elements);

    public string ToStringWithAddress() => ToStringWithAddress(Address);

    public string ToStringWithAddress(Address address) =>
        (Address is { Host: not null, Port: not null } own ? own : address) + ToStringWithoutAddress();

    public string ToStringWithUid() => Uid == ActorCell.UndefinedUid ? ToStringWithAddress() : $"{ToStringWithAddress()}#{Uid}";

    public override string ToString() => ToStringWithAddress();

    private static long ParseUid(ReadOnlySpan<char> text) =>
        int.TryParse(text, out var uid) ? uid : throw new FormatException($"[{text}] is not a valid numeric format");
}
