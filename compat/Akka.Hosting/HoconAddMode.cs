namespace Akka.Hosting;

/// <summary>Where added configuration goes.</summary>
public enum HoconAddMode
{
    /// <summary>Below what is there: it only says what nobody has said yet.</summary>
    Append,

    /// <summary>Above what is there: it has the last word.</summary>
    Prepend,

    /// <summary>As <see cref="Prepend"/>: despite its name it drops nothing, in the real package too.</summary>
    Replace,
}
